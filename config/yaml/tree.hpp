#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/problem.hpp"

namespace fieldlink {

struct YamlEntry;

/// One value of a YAML file and where it begins. Aliases are already replaced by what they stand for; the marks are
/// then those of the original. Keys that are there twice are both in `entries`.
struct YamlNode {
    enum class Kind { null, scalar, list, map };
    Kind kind = Kind::null;
    Mark mark;
    std::string text;                ///< of a scalar, as written, without quotes
    std::vector<YamlNode> items;     ///< of a list
    std::vector<YamlEntry> entries;  ///< of a map, in the order of the file
};

struct YamlEntry {
    std::string key;
    Mark mark;  ///< of the key
    YamlNode value;
};

/// The first thing in a file that is not YAML, or not the kind of YAML that a configuration may be.
struct YamlFault {
    Mark mark;
    std::string text;
};

/// Parses one document of valid UTF-8. On a fault the result is absent and `fault` says where and what to do.
///
/// Bounded whatever the text: the depth, and the number of values after aliases are replaced.
std::optional<YamlNode> parse_yaml(const std::string& text, const std::string& file, YamlFault& fault);

/// The line and column, both from 1 and in characters, of a byte offset into `text`.
Mark mark_at(const std::string& text, std::size_t offset, const std::string& file);

}  // namespace fieldlink
