#include "config/sections/secret_section.hpp"

#include "config/sections/names.hpp"
#include "config/sections/secret_check.hpp"

namespace fieldlink {
namespace {

constexpr const char* kHowTo =
    "write {file: /PATH} (a file with chmod 600), {credential: NAME} (systemd's LoadCredential=) or {env: NAME}";

std::optional<SecretRef::From> source_of(const std::string& key) {
    if (key == "file") return SecretRef::From::file;
    if (key == "credential") return SecretRef::From::credential;
    if (key == "env") return SecretRef::From::env;
    return std::nullopt;
}

/// Why `name` cannot be where a secret is kept, or nothing.
const char* name_fault(SecretRef::From from, const std::string& name) {
    switch (from) {
        case SecretRef::From::file:
            return !name.empty() && name[0] == '/' ? nullptr
                                                   : "must be a path that begins with /, not the secret itself";
        case SecretRef::From::credential:
            return is_name(name) && name[0] != '.' ? nullptr
                                                   : "must be a credential's name: 1 to 64 of A-Z a-z 0-9 . _ -";
        case SecretRef::From::env:
            break;
    }
    return is_variable_name(name) ? nullptr : "must be the name of an environment variable, such as FIELDLINK_TOKEN";
}

}  // namespace

std::optional<SecretRef> read_secret_ref(const Field& field, Report& report) {
    const YamlNode& node = *field.node;
    if (node.kind != YamlNode::Kind::map) {
        report.error(field, std::string("a secret is never written into this file; ") + kHowTo);
        return std::nullopt;
    }
    if (node.entries.size() != 1) {
        report.error(field, std::string("needs exactly one place to take the secret from; ") + kHowTo);
        return std::nullopt;
    }
    const YamlEntry& entry = node.entries.front();
    const auto from = source_of(entry.key);
    if (!from) {
        report.error(entry.mark, field.path, std::string("not a place for a secret; ") + kHowTo);
        return std::nullopt;
    }
    const Field place{&entry.value, entry.mark, field.path + "." + entry.key, field.schema + "." + entry.key};
    const char* const fault = name_fault(*from, entry.value.text);
    if (fault) {
        report.error(place, fault);
        return std::nullopt;
    }
    SecretRef ref{*from, entry.value.text, place.mark()};
    check_secret(ref, place, report);
    return ref;
}

}  // namespace fieldlink
