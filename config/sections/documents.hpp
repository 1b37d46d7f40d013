#pragma once

#include <filesystem>
#include <list>
#include <string>
#include <vector>

#include "config/yaml/field.hpp"
#include "config/yaml/report.hpp"

namespace fieldlink {

/// One configuration file, read and parsed.
struct Document {
    std::string file;
    YamlNode root;

    /// The whole file as a field; problems that belong to no line are at its beginning.
    Field field() const { return {&root, {file, 1, 1}, "", ""}; }
};

struct Documents {
    std::list<Document> main;      ///< the one file, or none if it cannot be used
    std::list<Document> drop_ins;  ///< in name order
    bool complete = true;          ///< false: a file is missing here, so what refers to nothing may be right

    /// All of them, the main file first.
    std::vector<const Document*> all() const;
};

/// Reads the file and the drop-ins beside it. A file that cannot be used is reported, and the others are read.
Documents read_documents(const std::filesystem::path& file, Report& report);

/// The keys of fieldlink.yaml.
const std::vector<std::string>& top_level_keys();

/// Reports every key of a drop-in but `buses` and `sensors`.
void check_drop_in(const Document& drop_in, const std::string& main_file, Report& report);

/// An entry of `buses:` or `sensors:`.
struct Named {
    std::string name;
    Field field;
};

/// The entries of the mapping `section` of all files, each name once; a name that is there twice is reported with both
/// places, and so is what cannot be a name.
std::vector<Named> named_entries(const Documents& documents, const std::string& section, Report& report);

/// Reports what cannot be the name of an entry. Sensors leave the names with _ at the front to the gateway itself.
bool check_name(const Field& field, const std::string& name, bool may_begin_with_underscore, Report& report);

}  // namespace fieldlink
