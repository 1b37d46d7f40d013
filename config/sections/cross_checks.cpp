#include "config/sections/cross_checks.hpp"

#include <algorithm>

#include "config/sections/channels_section.hpp"
#include "config/yaml/printable.hpp"

namespace fieldlink {
namespace {

constexpr const char* kGatewayAsSensor = "_gateway";
constexpr std::size_t kLongestChannel = 256;

/// What is wrong with the telemetry channel of one sensor, or nothing.
std::string channel_fault(const ChannelsConfig& channels, const std::string& sensor) {
    const std::string channel = channel_of(channels.telemetry, sensor);
    if (channel == channels.commands || channel == channels.results) {
        return "is " + in_quotes(channel) + " for the sensor " + in_quotes(sensor) +
               ", which is also the commands' or results' channel; write e.g. fleet/{gateway}/telemetry/{sensor}";
    }
    if (channel.size() <= kLongestChannel) return "";
    return "is longer than 256 bytes for the sensor " + in_quotes(sensor) + "; shorten one of them";
}

void check_sensor_channels(const Config& config, const YamlNode& root, Report& report) {
    if (config.uplink.channels.telemetry.find(kSensorPlaceholder) == std::string::npos) return;
    std::vector<std::string> names{kGatewayAsSensor};
    for (const BusConfig& bus : config.buses) {
        for (const SensorConfig& sensor : bus.sensors)
            names.push_back(sensor.name);
    }
    for (const std::string& name : names) {
        const std::string fault = channel_fault(config.uplink.channels, name);
        if (fault.empty()) continue;
        report.error(find_mark(root, {"uplink", "channels", "telemetry"}), "uplink.channels.telemetry", fault);
        return;
    }
}

}  // namespace

void check_across_sections(const Config& config, const YamlNode& root, Report& report) {
    check_sensor_channels(config, root, report);
    if (config.uplink.confirm == Confirm::receipt && config.commands.from.empty()) {
        report.warning(
            find_mark(root, {"uplink", "confirm"}), "uplink.confirm",
            "receipts are taken only from senders in commands.from, which is empty; write the consumer there");
    }
}

Mark find_mark(const YamlNode& root, const std::vector<std::string>& path) {
    Mark mark{root.mark.file, 1, 1};
    const YamlNode* node = &root;
    for (const std::string& key : path) {
        const auto entry = std::find_if(node->entries.begin(), node->entries.end(),
                                        [&key](const YamlEntry& each) { return each.key == key; });
        if (entry == node->entries.end()) return mark;
        mark = entry->mark;
        node = &entry->value;
    }
    return node->kind == YamlNode::Kind::null ? mark : node->mark;
}

}  // namespace fieldlink
