#include "config/yaml/section.hpp"

#include <algorithm>
#include <map>

#include "config/yaml/did_you_mean.hpp"
#include "config/yaml/printable.hpp"

namespace fieldlink {
namespace {

std::string dotted(const std::string& parent, const std::string& key) {
    return parent.empty() ? key : parent + "." + key;
}

}  // namespace

Section::Section(const Field& field, Report& report) : field_(field), report_(report) {
    switch (field_.node->kind) {
        case YamlNode::Kind::scalar:
            report_.error(field_, "must hold keys, not a single value; write KEY: VALUE lines indented below it");
            break;
        case YamlNode::Kind::list:
            report_.error(field_, "must hold keys, not a list; write KEY: VALUE without the dashes or brackets");
            break;
        case YamlNode::Kind::null:
        case YamlNode::Kind::map:
            report_doubles();
    }
}

bool Section::is_mapping() const {
    return field_.node->kind == YamlNode::Kind::map || field_.node->kind == YamlNode::Kind::null;
}

void Section::report_doubles() {
    std::map<std::string, const YamlEntry*> first;
    for (const YamlEntry& entry : field_.node->entries) {
        const auto [there, is_new] = first.emplace(entry.key, &entry);
        if (is_new) continue;
        report_.error(entry.mark, child(entry).path,
                      "is written twice, first at " + to_string(there->second->mark) + "; keep one of them");
    }
}

Field Section::child(const YamlEntry& entry) const {
    const std::string key = printable(entry.key);
    return {&entry.value, entry.mark, dotted(field_.path, key), dotted(field_.schema, key)};
}

std::optional<Field> Section::find(const std::string& key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
    const auto& entries = field_.node->entries;
    const auto entry =
        std::find_if(entries.begin(), entries.end(), [&key](const YamlEntry& each) { return each.key == key; });
    if (entry == entries.end()) return std::nullopt;
    return child(*entry);
}

std::optional<Field> Section::require(const std::string& key, const std::string& advice) {
    std::optional<Field> value = find(key);
    if (!value && is_mapping()) report_.error(field_.key, dotted(field_.path, key), "is missing; write " + advice);
    return value;
}

std::optional<Section> Section::section(const std::string& key) {
    const std::optional<Field> value = find(key);
    if (!value) return std::nullopt;
    return Section(*value, report_);
}

void Section::boolean(const std::string& key, bool& target) {
    const std::optional<Field> value = find(key);
    if (!value) return;
    if (const auto read = read_boolean(*value, report_)) take(*value, *read, target);
}

void Section::whole(const std::string& key, unsigned& target, Bounds<std::int64_t> bounds) {
    const std::optional<Field> value = find(key);
    if (!value) return;
    if (const auto read = read_whole(*value, bounds, report_)) take(*value, static_cast<unsigned>(*read), target);
}

void Section::number(const std::string& key, double& target, Bounds<double> bounds) {
    const std::optional<Field> value = find(key);
    if (!value) return;
    if (const auto read = read_number(*value, bounds, report_)) take(*value, *read, target);
}

void Section::duration(const std::string& key, milliseconds& target, Bounds<milliseconds> bounds) {
    const std::optional<Field> value = find(key);
    if (!value) return;
    if (const auto read = read_duration(*value, bounds, report_)) take(*value, *read, target);
}

void Section::size(const std::string& key, std::uint64_t& target, Bounds<std::uint64_t> bounds) {
    const std::optional<Field> value = find(key);
    if (!value) return;
    if (const auto read = read_size(*value, bounds, report_)) take(*value, *read, target);
}

void Section::text(const std::string& key, std::string& target) {
    const std::optional<Field> value = find(key);
    if (!value) return;
    if (const auto read = read_text(*value, report_)) take(*value, *read, target);
}

void Section::belongs_elsewhere(const std::string& key, const std::string& where) {
    elsewhere_.emplace_back(key, where);
}

void Section::refuse_unknown_keys() {
    for (const YamlEntry& entry : field_.node->entries) {
        if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
        const auto elsewhere = std::find_if(elsewhere_.begin(), elsewhere_.end(),
                                            [&entry](const auto& other) { return other.first == entry.key; });
        const std::string advice = elsewhere != elsewhere_.end() ? "is not a key here; move it to " + elsewhere->second
                                                                 : "unknown key" + did_you_mean(entry.key, known_);
        report_.error(entry.mark, child(entry).path, advice);
    }
}

Field named_field(const Field& parent, const YamlEntry& entry) {
    return {&entry.value, entry.mark, dotted(parent.path, printable(entry.key)), dotted(parent.schema, "*")};
}

std::string to_string(const Mark& mark) {
    return mark.file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
}

}  // namespace fieldlink
