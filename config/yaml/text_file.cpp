#include "config/yaml/text_file.hpp"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "config/yaml/printable.hpp"
#include "config/yaml/tree.hpp"

namespace fieldlink {
namespace {

constexpr std::uintmax_t kMostBytes = 4 * 1024 * 1024;
constexpr const char* kByteOrderMark = "\xEF\xBB\xBF";

/// Why the file cannot be read as a configuration, or nothing.
std::string obstacle(const std::filesystem::path& file) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found) return "there is no such file; check the path";
    if (status.type() == std::filesystem::file_type::directory) return "is a directory; name the file in it";
    if (error) return "cannot be looked at: " + error.message() + "; check the permissions of its directories";
    if (status.type() != std::filesystem::file_type::regular) return "is not a regular file; name one";
    if (std::filesystem::file_size(file, error) > kMostBytes && !error) {
        return "is larger than 4 MiB; a configuration is not, so check what it holds";
    }
    return "";
}

void report_unreadable(const std::string& text, std::size_t offset, const std::string& file, Report& report) {
    const bool control = static_cast<unsigned char>(text[offset]) < 0x80;
    report.error(mark_at(text, offset, file), "",
                 control ? "a control character; is this a text file? Remove the character"
                         : "a byte that is not UTF-8; save the file with the encoding UTF-8");
}

}  // namespace

std::optional<std::string> read_text_file(const std::filesystem::path& file, Report& report) {
    const std::string reason = obstacle(file);
    if (!reason.empty()) {
        report.error({file.string(), 0, 0}, "", reason);
        return std::nullopt;
    }
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream content;
    if (!stream || (stream.peek() != std::ifstream::traits_type::eof() && !(content << stream.rdbuf()))) {
        const std::string why = std::generic_category().message(errno);
        report.error({file.string(), 0, 0}, "", "cannot be read: " + why + "; check its owner and permissions");
        return std::nullopt;
    }
    std::string text = content.str();
    if (text.rfind(kByteOrderMark, 0) == 0) text.erase(0, 3);
    const std::size_t bad = first_unreadable(text);
    if (bad < text.size()) {
        report_unreadable(text, bad, file.string(), report);
        return std::nullopt;
    }
    return text;
}

}  // namespace fieldlink
