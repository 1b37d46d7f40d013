#include "config/sections/documents.hpp"

#include <algorithm>
#include <map>
#include <system_error>

#include "config/sections/names.hpp"
#include "config/yaml/did_you_mean.hpp"
#include "config/yaml/printable.hpp"
#include "config/yaml/section.hpp"
#include "config/yaml/text_file.hpp"

namespace fieldlink {
namespace {

constexpr const char* kExtension = ".yaml";

/// The drop-ins in name order.
std::vector<std::filesystem::path> find_drop_ins(const std::filesystem::path& directory, Report& report) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    std::filesystem::directory_iterator entry(directory, error);
    const bool is_missing = error == std::errc::no_such_file_or_directory;
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::filesystem::path file = entry->path();
        if (file.filename().string()[0] == '.') continue;
        if (file.extension() == kExtension) files.push_back(file);
        if (file.extension() == ".yml") {
            report.warning({file.string(), 0, 0}, "", "is not read, only *.yaml is; rename it to .yaml or remove it");
        }
    }
    if (error && !is_missing) {
        report.error({directory.string(), 0, 0}, "", "cannot be read: " + error.message() + "; check its permissions");
    }
    std::sort(files.begin(), files.end());
    return files;
}

void read_document(const std::filesystem::path& file, std::list<Document>& into, Documents& documents, Report& report) {
    report.add_file(file.string());
    const auto text = read_text_file(file, report);
    YamlFault fault;
    auto root = text ? parse_yaml(*text, file.string(), fault) : std::nullopt;
    if (root) {
        into.push_back({file.string(), std::move(*root)});
        return;
    }
    if (text) report.error(fault.mark, "", fault.text);
    documents.complete = false;
}

}  // namespace

std::vector<const Document*> Documents::all() const {
    std::vector<const Document*> result;
    for (const Document& document : main)
        result.push_back(&document);
    for (const Document& document : drop_ins)
        result.push_back(&document);
    return result;
}

Documents read_documents(const std::filesystem::path& file, Report& report) {
    Documents documents;
    read_document(file, documents.main, documents, report);
    for (const std::filesystem::path& drop_in : find_drop_ins(file.parent_path() / "conf.d", report)) {
        read_document(drop_in, documents.drop_ins, documents, report);
    }
    return documents;
}

const std::vector<std::string>& top_level_keys() {
    static const std::vector<std::string> keys{"gateway", "uplink",  "batch", "outbox", "commands",
                                               "metrics", "control", "buses", "sensors"};
    return keys;
}

void check_drop_in(const Document& drop_in, const std::string& main_file, Report& report) {
    Section section(drop_in.field(), report);
    section.find("buses");
    section.find("sensors");
    for (const std::string& key : top_level_keys())
        section.belongs_elsewhere(key, main_file);
    section.refuse_unknown_keys();
}

std::vector<Named> named_entries(const Documents& documents, const std::string& section, Report& report) {
    std::vector<Named> result;
    std::map<std::string, Mark> first;
    for (const Document* const document : documents.all()) {
        for (const YamlEntry& top : document->root.entries) {
            if (top.key != section) continue;
            const Field parent{&top.value, top.mark, section, section};
            if (top.value.kind == YamlNode::Kind::scalar || top.value.kind == YamlNode::Kind::list) {
                report.error(parent, "must hold names with keys of their own; write NAME: {KEY: VALUE} lines below it");
            }
            for (const YamlEntry& entry : top.value.entries) {
                const Field field = named_field(parent, entry);
                const auto [there, is_new] = first.emplace(entry.key, entry.mark);
                if (is_new) {
                    result.push_back({entry.key, field});
                } else {
                    report.error(entry.mark, field.path,
                                 "is defined twice, first at " + to_string(there->second) + "; rename or remove one");
                }
            }
            break;
        }
    }
    return result;
}

bool check_name(const Field& field, const std::string& name, bool may_begin_with_underscore, Report& report) {
    if (!is_name(name)) {
        report.error(field.key, field.path, in_quotes(name) + " cannot be a name; write " + kNameRule);
        return false;
    }
    if (name[0] != '_' || may_begin_with_underscore) return true;
    report.error(field.key, field.path, "names that begin with _ are the gateway's own; write another one");
    return false;
}

}  // namespace fieldlink
