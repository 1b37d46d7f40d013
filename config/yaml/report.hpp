#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/problem.hpp"
#include "config/yaml/field.hpp"

namespace fieldlink {

/// Keys that may be written although nothing acts on them yet, by their schema (sensors.*.setup), with what happens
/// meanwhile.
using LaterKeys = std::map<std::string, std::string>;

/// Collects everything found in one run. One thread.
class Report {
public:
    explicit Report(LaterKeys later_keys = {}) : later_keys_(std::move(later_keys)) {}

    /// The order in which files are added here is that of the problems.
    void add_file(const std::string& file) { files_.push_back(file); }

    /// `text` says what is wrong and what to write instead; the field's or the given path is put before it.
    void error(const Field& field, const std::string& text) { error(field.mark(), field.path, text); }
    void error(const Mark& mark, const std::string& path, const std::string& text);
    void warning(const Field& field, const std::string& text) { warning(field.mark(), field.path, text); }
    void warning(const Mark& mark, const std::string& path, const std::string& text);

    /// To be told of each key that is given something other than its default: warns if nothing acts on it yet.
    void given(const Field& field);

    std::size_t errors() const { return errors_; }

    /// All problems by file, line and column. What a driver's check() found goes in by `add`.
    void add(const Problems& problems);
    Problems sorted() const;

private:
    std::size_t rank(const std::string& file) const;

    LaterKeys later_keys_;
    std::vector<std::string> files_;
    Problems problems_;
    std::size_t errors_ = 0;
};

}  // namespace fieldlink
