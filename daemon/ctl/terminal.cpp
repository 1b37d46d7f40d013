#include "daemon/ctl/terminal.hpp"

#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace fieldlink {
namespace {

winsize size_now() {
    winsize size{};
    if (!::isatty(STDOUT_FILENO) || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return {};
    // A serial console does not know its size.
    if (size.ws_col == 0) size.ws_col = 80;
    if (size.ws_row == 0) size.ws_row = 24;
    return size;
}

}  // namespace

bool Terminal::is_interactive() const {
    const char* term = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) && term && std::string_view(term) != "dumb";
}

Style Terminal::style() const {
    const char* no_color = std::getenv("NO_COLOR");
    return is_interactive() && !(no_color && *no_color) ? Style::coloured : Style::plain;
}

std::size_t Terminal::width() const {
    return size_now().ws_col;
}

std::size_t Terminal::height() const {
    return size_now().ws_row;
}

void LiveBlock::draw(const std::vector<std::string>& lines) {
    std::string frame;
    if (drawn_ > 0) frame += "\x1b[" + std::to_string(drawn_) + "A";
    frame += "\r";
    for (const std::string& line : lines)
        frame += line + "\x1b[K\n";
    frame += "\x1b[J";
    out_ << frame << std::flush;
    drawn_ = lines.size();
}

}  // namespace fieldlink
