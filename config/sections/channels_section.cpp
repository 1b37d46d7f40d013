#include "config/sections/channels_section.hpp"

#include <algorithm>
#include <array>

#include "config/yaml/did_you_mean.hpp"
#include "config/yaml/printable.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kLongestChannel = 256;

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    std::size_t at = 0;
    while ((at = text.find(what, at)) != std::string::npos) {
        text.replace(at, what.size(), with);
        at += with.size();
    }
    return text;
}

struct Channel {
    const char* key;
    const char* fallback;
    std::string ChannelsConfig::*target;
    std::vector<std::string> kept;  ///< placeholders that are filled in later
};

void read_channel(Section& section, const Channel& channel, const std::string& gateway, ChannelsConfig& channels,
                  Report& report) {
    std::string& target = channels.*channel.target;
    target = replaced(channel.fallback, kGatewayPlaceholder, gateway);
    const auto field = section.find(channel.key);
    const auto text = field ? read_text(*field, report) : std::nullopt;
    if (!text) return;
    const auto filled = fill_gateway(*field, *text, gateway, channel.kept, report);
    if (!filled) return;
    if (filled->find('*') != std::string::npos) {
        report.error(*field, "holds a *, but a gateway has one channel of each kind; write its full name");
    } else if (filled->size() > kLongestChannel) {
        report.error(*field, "is longer than 256 bytes with {gateway} filled in; the service takes 256 at most");
    } else {
        target = *filled;
    }
}

void refuse_equal(Section& section, const std::array<Channel, 3>& all, const ChannelsConfig& channels, Report& report) {
    for (std::size_t later = 1; later < all.size(); ++later) {
        for (std::size_t earlier = 0; earlier < later; ++earlier) {
            if (channels.*all[later].target != channels.*all[earlier].target) continue;
            const auto field = section.find(all[later].key);
            report.error(field ? *field : *section.find(all[earlier].key),
                         std::string("is the same channel as ") + all[field ? earlier : later].key +
                             "; give each of the three a name of its own");
        }
    }
}

}  // namespace

std::optional<std::string> fill_gateway(const Field& field, const std::string& text, const std::string& gateway,
                                        const std::vector<std::string>& kept, Report& report) {
    std::vector<std::string> allowed{kGatewayPlaceholder};
    allowed.insert(allowed.end(), kept.begin(), kept.end());
    for (std::size_t at = text.find_first_of("{}"); at < text.size(); at = text.find_first_of("{}", at + 1)) {
        const std::size_t end = text.find('}', at);
        const bool is_whole = text[at] == '{' && end != std::string::npos;
        const std::string placeholder = text.substr(at, is_whole ? end + 1 - at : 1);
        if (std::find(allowed.begin(), allowed.end(), placeholder) == allowed.end()) {
            report.error(field, in_quotes(placeholder) + " is not filled in here" + did_you_mean(placeholder, allowed));
            return std::nullopt;
        }
        at = end;
    }
    return replaced(text, kGatewayPlaceholder, gateway);
}

ChannelsConfig read_channels(Section& uplink, const std::string& gateway, Report& report) {
    const std::array<Channel, 3> all{{
        {"telemetry", "fleet/{gateway}/telemetry", &ChannelsConfig::telemetry, {kSensorPlaceholder}},
        {"commands", "fleet/{gateway}/cmd", &ChannelsConfig::commands, {}},
        {"results", "fleet/{gateway}/cmd/result", &ChannelsConfig::results, {}},
    }};
    const auto field = uplink.find("channels");
    const YamlNode nothing;
    Section section(field ? *field : Field{&nothing, uplink.field().key, "uplink.channels", "uplink.channels"}, report);
    ChannelsConfig channels;
    for (const Channel& channel : all)
        read_channel(section, channel, gateway, channels, report);
    section.refuse_unknown_keys();
    refuse_equal(section, all, channels, report);
    return channels;
}

std::string channel_of(const std::string& telemetry, const std::string& sensor) {
    return replaced(telemetry, kSensorPlaceholder, sensor);
}

}  // namespace fieldlink
