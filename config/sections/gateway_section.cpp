#include "config/sections/gateway_section.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "config/sections/names.hpp"
#include "config/yaml/printable.hpp"

namespace fieldlink {
namespace {

constexpr std::array<const char*, 3> kSharedByClones{"raspberrypi", "debian", "localhost"};

bool is_shared_by_clones(const std::string& host_name) {
    std::string label = host_name.substr(0, host_name.find('.'));
    std::transform(label.begin(), label.end(), label.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return std::find(kSharedByClones.begin(), kSharedByClones.end(), label) != kSharedByClones.end();
}

std::string default_id(const Mark& mark, const std::string& host_name, Report& report) {
    constexpr const char* kAdvice = "; write gateway: {id: NAME} with a name that no other gateway has";
    if (is_shared_by_clones(host_name)) {
        report.error(
            mark, "gateway.id",
            "is missing, and the host name " + in_quotes(host_name) + " is that of every cloned image" + kAdvice);
        return "";
    }
    if (!is_name(host_name)) {
        report.error(mark, "gateway.id",
                     "is missing, and the host name " + in_quotes(host_name) + " is not " + kNameRule + kAdvice);
        return "";
    }
    return host_name;
}

}  // namespace

std::string read_gateway(Section& root, const std::string& host_name, Report& report) {
    std::optional<Section> section = root.section("gateway");
    if (!section) return default_id(root.field().key, host_name, report);
    const std::optional<Field> id = section->find("id");
    section->refuse_unknown_keys();
    if (!id) return default_id(section->field().key, host_name, report);
    const auto text = read_text(*id, report);
    if (!text || is_name(*text)) return text.value_or("");
    report.error(*id, in_quotes(*text) + " cannot be a gateway's id; write " + kNameRule);
    return "";
}

}  // namespace fieldlink
