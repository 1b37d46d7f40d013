#include "daemon/ctl/table.hpp"

#include <algorithm>
#include <cstdint>

#include "daemon/ctl/terminal_text.hpp"

namespace fieldlink {
namespace {

using Row = std::vector<Cell>;

const char* code_of(Colour colour) {
    switch (colour) {
        case Colour::none:
            return "";
        case Colour::good:
            return "\x1b[32m";
        case Colour::warning:
            return "\x1b[33m";
        case Colour::bad:
            return "\x1b[1;31m";
        case Colour::faint:
            return "\x1b[2m";
        case Colour::heading:
            return "\x1b[1m";
    }
    return "";
}

std::vector<std::size_t> widths_of(const std::vector<Row>& rows) {
    std::vector<std::size_t> widths;
    for (const Row& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], columns(row[i].text));
    }
    return widths;
}

std::string line_of(const Row& row, const std::vector<std::size_t>& widths, Style style, std::size_t width) {
    std::string line;
    std::string blanks;  // due before the next text, so that no line ends in them
    std::size_t used = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const Cell& cell = row[i];
        const std::string padding(widths[i] - columns(cell.text), ' ');
        if (cell.to_the_right) blanks += padding;
        if (!cell.text.empty()) {
            used += blanks.size();
            if (used >= width && !cell.whole) break;
            const std::string text = cell.whole ? cell.text : fit(cell.text, width - used);
            used += columns(text);
            line += blanks + paint(style, cell.colour, text);
            blanks.clear();
        }
        if (!cell.to_the_right) blanks += padding;
        blanks += "  ";
    }
    return line;
}

}  // namespace

std::string paint(Style style, Colour colour, const std::string& text) {
    if (style == Style::plain || colour == Colour::none || text.empty()) return text;
    return code_of(colour) + text + "\x1b[0m";
}

std::vector<std::string> table_lines(const std::vector<Row>& rows, Style style, std::size_t width) {
    const std::vector<std::size_t> widths = widths_of(rows);
    std::vector<std::string> lines;
    for (const Row& row : rows)
        lines.push_back(line_of(row, widths, style, width == 0 ? SIZE_MAX : width));
    return lines;
}

}  // namespace fieldlink
