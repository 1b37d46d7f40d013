#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "daemon/ctl/table.hpp"

namespace fieldlink {

/// What standard output is: a terminal or not, how large, and whether it takes colours.
class Terminal {
public:
    /// Whether output goes to a terminal that understands cursor movement.
    bool is_interactive() const;

    /// Colours only on a terminal, and not if $NO_COLOR is set.
    Style style() const;

    /// Columns and rows as they are now; 0 if this is no terminal.
    std::size_t width() const;
    std::size_t height() const;
};

/// A block of lines that is drawn again in its place. What stood above it stays, and so does its last state when the
/// program ends in whatever way.
class LiveBlock {
public:
    explicit LiveBlock(std::ostream& out) : out_(out) {}

    /// No line may be wider than the terminal, and there must be fewer of them than it has rows.
    void draw(const std::vector<std::string>& lines);

private:
    std::ostream& out_;
    std::size_t drawn_ = 0;
};

}  // namespace fieldlink
