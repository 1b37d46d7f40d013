#pragma once

#include <string>
#include <vector>

namespace fieldlink {

/// A place in a configuration file. Lines and columns count from 1; 0 means the file as a whole.
struct Mark {
    std::string file;
    int line = 0;
    int column = 0;
};

enum class Severity { warning, error };

/// One thing that is wrong with a configuration: where, what, and what to write instead.
struct Problem {
    Severity severity = Severity::error;
    Mark mark;
    std::string text;
};

/// Everything found in one run; the order is that of the files.
using Problems = std::vector<Problem>;

/// What a driver's key takes; the same kinds as FL_KEY_… in drivers/driver_abi.h.
enum class KeyKind { boolean, integer, number, text, choice, duration };

/// `FILE:LINE:COL: error: TEXT`, without a newline.
std::string to_string(const Problem& problem);

bool has_errors(const Problems& problems);

}  // namespace fieldlink
