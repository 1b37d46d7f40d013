#include "daemon/ctl/outbox/progress.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

#include "daemon/ctl/terminal_text.hpp"

namespace fieldlink {

using std::chrono::milliseconds;

std::string bar_text(std::uint64_t done, std::uint64_t total) {
    constexpr std::uint64_t kColumns = 20;
    // A double is exact enough for a bar, and no product overflows in it.
    const double share = total == 0 ? 1 : static_cast<double>(std::min(done, total)) / static_cast<double>(total);
    const auto filled = static_cast<std::size_t>(share * kColumns);
    const std::string percent = std::to_string(static_cast<int>(share * 100));
    return "[" + std::string(filled, '#') + std::string(kColumns - filled, '-') + "] " +
           std::string(3 - percent.size(), ' ') + percent + " %";
}

ProgressLine ProgressLine::on_stderr(bool wanted) {
    const char* term = std::getenv("TERM");
    const bool live = ::isatty(STDERR_FILENO) && term && std::string_view(term) != "dumb";
    winsize size{};
    if (!live || ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) size.ws_col = 80;
    return {std::cerr, !wanted ? Kind::silent : live ? Kind::live : Kind::lines, size.ws_col};
}

void ProgressLine::show(const std::string& text, Instant now) {
    if (kind_ == Kind::silent) return;
    const milliseconds pause(kind_ == Kind::live ? 100 : 5'000);
    const bool due = next_ ? now >= *next_ : kind_ == Kind::live;
    if (due || !next_) next_ = now + pause;
    if (!due) return;
    if (kind_ == Kind::lines) {
        out_ << text << std::endl;
        return;
    }
    // One column less, so that no terminal wraps.
    out_ << '\r' << fit(text, width_ - 1) << "\x1b[K" << std::flush;
    drawn_ = true;
}

void ProgressLine::clear() {
    if (drawn_) out_ << "\r\x1b[K" << std::flush;
    drawn_ = false;
}

}  // namespace fieldlink
