#pragma once

#include <string>
#include <vector>

namespace fieldlink {

enum class Colour { none, good, warning, bad, faint, heading };

/// Whether colours are wanted; without, text is left as it is.
enum class Style { plain, coloured };

std::string paint(Style style, Colour colour, const std::string& text);

struct Cell {
    std::string text;
    Colour colour = Colour::none;
    bool to_the_right = false;
    bool whole = false;  ///< never cut: rather the line wraps
};

/// Rows of cells as aligned columns, two spaces between them. `width` (0: without limit) cuts the lines, so that none
/// wraps. The cells' text is printable already.
std::vector<std::string> table_lines(const std::vector<std::vector<Cell>>& rows, Style style, std::size_t width);

}  // namespace fieldlink
