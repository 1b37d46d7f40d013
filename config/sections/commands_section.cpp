#include "config/sections/commands_section.hpp"

#include <algorithm>

#include "config/yaml/printable.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLongestSender = 128;

const std::vector<std::string>& command_kinds() {
    static const std::vector<std::string> kinds{"write", "read", "poll", "replay", "calibrate", "set", "reboot"};
    return kinds;
}

void read_allow(Section& section, std::vector<std::string>& target, Report& report) {
    const auto field = section.find("allow");
    if (!field) return;
    std::vector<std::string> allowed;
    std::vector<Field> given;
    for (const Field& item : read_list(*field, report)) {
        const auto index = read_word(item, command_kinds(), report);
        if (!index) continue;
        const std::string& kind = command_kinds()[*index];
        if (std::find(allowed.begin(), allowed.end(), kind) != allowed.end()) {
            report.error(item, in_quotes(kind) + " is listed twice; remove one of them");
            continue;
        }
        allowed.push_back(kind);
        given.push_back({item.node, item.key, item.path, "commands.allow." + kind});
    }
    const bool is_default = std::is_permutation(allowed.begin(), allowed.end(), target.begin(), target.end());
    if (!is_default) {
        for (const Field& item : given)
            report.given(item);
    }
    target = allowed;
}

void read_from(Section& section, std::vector<std::string>& target, Report& report) {
    const auto field = section.find("from");
    if (!field) return;
    for (const Field& item : read_list(*field, report)) {
        const auto sender = read_text(item, report);
        if (sender && sender->size() > kLongestSender) {
            report.error(item, "is longer than a peerId can be; write at most 128 bytes");
        } else if (sender) {
            target.push_back(*sender);
        }
    }
}

void read_command_rate(Section& section, CommandsConfig& commands) {
    auto rate = section.section("rate");
    if (!rate) return;
    rate->number("per_second", commands.rate_per_second, {0.001, 1e6});
    rate->number("burst", commands.rate_burst, {1, 1e6});
    rate->refuse_unknown_keys();
}

}  // namespace

CommandsConfig read_commands(Section& root, Report& report) {
    CommandsConfig commands;
    auto section = root.section("commands");
    if (!section) return commands;
    read_allow(*section, commands.allow, report);
    read_from(*section, commands.from, report);
    section->boolean("direct", commands.direct);
    read_command_rate(*section, commands);
    section->duration("remember", commands.remember, {1s, 24h * 3'650});
    section->refuse_unknown_keys();
    if (commands.direct && commands.from.empty()) {
        report.error(*section->find("direct"),
                     "whoever may send direct frames would be obeyed; write from: [PEER] beside it, or direct: false");
    }
    return commands;
}

}  // namespace fieldlink
