#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/yaml/field.hpp"
#include "config/yaml/report.hpp"
#include "config/yaml/scalars.hpp"

namespace fieldlink {

/// A mapping while its keys are read. It remembers which keys it was asked for: whatever else is written is reported
/// by refuse_unknown_keys(), with those as suggestions, so that no list of keys is kept beside the code.
///
/// The typed calls leave their target as it is when the key is not written or the value is wrong; a wrong value is
/// reported. They expect the target to hold the default.
class Section {
public:
    /// Reports a field that is no mapping (an empty one counts as a mapping without keys) and keys that are there
    /// twice.
    Section(const Field& field, Report& report);

    const Field& field() const { return field_; }
    bool is_mapping() const;

    /// The value under `key`, of whatever kind.
    std::optional<Field> find(const std::string& key);

    /// Like find(), but reports when it is missing; `advice` is what to write.
    std::optional<Field> require(const std::string& key, const std::string& advice);

    /// The mapping under `key`, absent when it is not written.
    std::optional<Section> section(const std::string& key);

    void boolean(const std::string& key, bool& target);
    void whole(const std::string& key, unsigned& target, Bounds<std::int64_t> bounds);
    void number(const std::string& key, double& target, Bounds<double> bounds);
    void duration(const std::string& key, milliseconds& target, Bounds<milliseconds> bounds);
    void size(const std::string& key, std::uint64_t& target, Bounds<std::uint64_t> bounds);
    void text(const std::string& key, std::string& target);

    /// `words` stand for the values 0, 1, … of the enumeration.
    template <class Enum>
    void word(const std::string& key, Enum& target, const std::vector<std::string>& words) {
        const std::optional<Field> value = find(key);
        if (!value) return;
        const std::optional<std::size_t> index = read_word(*value, words, report_);
        if (index) take(*value, static_cast<Enum>(*index), target);
    }

    /// A key that is right elsewhere: if it is written here, the report says where it belongs ("the bus").
    void belongs_elsewhere(const std::string& key, const std::string& where);

    void refuse_unknown_keys();

private:
    template <class T>
    void take(const Field& field, const T& value, T& target) {
        if (value != target) report_.given(field);
        target = value;
    }

    Field child(const YamlEntry& entry) const;
    void report_doubles();

    Field field_;
    Report& report_;
    std::vector<std::string> known_;
    std::vector<std::pair<std::string, std::string>> elsewhere_;
};

/// The field of an entry of a mapping whose keys are names.
Field named_field(const Field& parent, const YamlEntry& entry);

/// `FILE:LINE:COL`, to point from one place to another.
std::string to_string(const Mark& mark);

}  // namespace fieldlink
