#include "daemon/foreign_text.hpp"

#include <algorithm>

namespace fieldlink {

std::string foreign_text(std::string_view text) {
    constexpr std::size_t kMost = 200;
    const bool is_cut = text.size() > kMost;
    if (is_cut) {
        std::size_t end = kMost;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            --end;  // never inside a UTF-8 sequence
        text = text.substr(0, end);
    }
    std::string line(text);
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    std::replace_if(line.begin(), line.end(), is_control, '?');
    return is_cut ? line + "…" : line;
}

}  // namespace fieldlink
