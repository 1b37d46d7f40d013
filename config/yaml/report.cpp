#include "config/yaml/report.hpp"

#include <algorithm>
#include <tuple>

namespace fieldlink {
namespace {

std::string with_path(const std::string& path, const std::string& text) {
    return path.empty() ? text : path + ": " + text;
}

}  // namespace

void Report::error(const Mark& mark, const std::string& path, const std::string& text) {
    problems_.push_back({Severity::error, mark, with_path(path, text)});
    ++errors_;
}

void Report::warning(const Mark& mark, const std::string& path, const std::string& text) {
    problems_.push_back({Severity::warning, mark, with_path(path, text)});
}

void Report::given(const Field& field) {
    const auto later = later_keys_.find(field.schema);
    if (later != later_keys_.end()) warning(field.key, field.path, "not active yet: " + later->second);
}

void Report::add(const Problems& problems) {
    for (const Problem& problem : problems) {
        problems_.push_back(problem);
        if (problem.severity == Severity::error) ++errors_;
    }
}

Problems Report::sorted() const {
    Problems result = problems_;
    std::stable_sort(result.begin(), result.end(), [this](const Problem& a, const Problem& b) {
        return std::make_tuple(rank(a.mark.file), a.mark.line, a.mark.column) <
               std::make_tuple(rank(b.mark.file), b.mark.line, b.mark.column);
    });
    return result;
}

std::size_t Report::rank(const std::string& file) const {
    return static_cast<std::size_t>(std::find(files_.begin(), files_.end(), file) - files_.begin());
}

}  // namespace fieldlink
