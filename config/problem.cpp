#include "config/problem.hpp"

#include <algorithm>

namespace fieldlink {

std::string to_string(const Problem& problem) {
    std::string line = problem.mark.file;
    if (problem.mark.line > 0) {
        line += ":" + std::to_string(problem.mark.line) + ":" + std::to_string(problem.mark.column);
    }
    line += problem.severity == Severity::error ? ": error: " : ": warning: ";
    return line + problem.text;
}

bool has_errors(const Problems& problems) {
    return std::any_of(problems.begin(), problems.end(),
                       [](const Problem& problem) { return problem.severity == Severity::error; });
}

}  // namespace fieldlink
