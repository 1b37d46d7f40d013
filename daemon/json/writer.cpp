#include "daemon/json/writer.hpp"

namespace fieldlink {
namespace {

void append_escaped(std::string& json, char c) {
    constexpr char kHex[] = "0123456789abcdef";
    switch (c) {
        case '"':
            json += R"(\")";
            break;
        case '\\':
            json += R"(\\)";
            break;
        case '\n':
            json += R"(\n)";
            break;
        case '\r':
            json += R"(\r)";
            break;
        case '\t':
            json += R"(\t)";
            break;
        default:
            json += R"(\u00)";
            json += kHex[(c >> 4) & 0xf];
            json += kHex[c & 0xf];
    }
}

bool needs_escape(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

}  // namespace

void append_json_string(std::string& json, std::string_view text) {
    json += '"';
    for (std::size_t done = 0; done < text.size();) {
        std::size_t plain = done;
        while (plain < text.size() && !needs_escape(text[plain]))
            ++plain;
        json.append(text.substr(done, plain - done));
        if (plain < text.size()) append_escaped(json, text[plain++]);
        done = plain;
    }
    json += '"';
}

}  // namespace fieldlink
