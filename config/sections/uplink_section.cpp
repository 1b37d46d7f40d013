#include "config/sections/uplink_section.hpp"

#include "config/sections/auth_section.hpp"
#include "config/sections/channels_section.hpp"
#include "config/sections/paths.hpp"
#include "config/sections/url.hpp"
#include "config/yaml/quantity.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

constexpr UrlRule kServiceUrl{"wss", "ws"};
constexpr UrlRule kProxyUrl{"https", "http", true};
constexpr double kServiceRate = 100, kServiceBurst = 200;  // above these it closes with 4011
constexpr double kServiceConnects = 60;                    // a minute and source address; above, it answers 429

void read_service_url(Section& uplink, std::string& target, Report& report) {
    const auto field = uplink.require("url", "url: wss://rms.metered.ca");
    const auto url = field ? read_url(*field, kServiceUrl, report) : std::nullopt;
    if (!url) return;
    if (url->rest.empty() || url->rest == "/") {
        target = url->origin();
    } else {
        report.error(*field,
                     "must be the origin alone; write " + url->origin() + " (/v1 and the credentials are added)");
    }
}

void read_proxy(Section& uplink, std::string& target, Report& report) {
    const auto field = uplink.find("proxy");
    const auto url = field ? read_url(*field, kProxyUrl, report) : std::nullopt;
    if (!url) return;
    if (!url->rest.empty() && url->rest != "/") {
        report.error(*field, "must be host and port alone; write " + url->origin());
        return;
    }
    target = url->origin();
    report.given(*field);
}

void read_tls(Section& uplink, TlsConfig& tls, Report& report) {
    auto section = uplink.section("tls");
    if (!section) return;
    read_path(*section, "ca_file", tls.ca_file, report);
    read_path(*section, "cert", tls.cert, report);
    read_path(*section, "key", tls.key, report);
    section->refuse_unknown_keys();
    if (!tls.ca_file.empty()) check_readable_file(*section->find("ca_file"), tls.ca_file, report);
    if (!tls.cert.empty()) check_readable_file(*section->find("cert"), tls.cert, report);
    if (!tls.key.empty()) {
        check_readable_file(*section->find("key"), tls.key, report);
        check_not_open_to_all(*section->find("key"), tls.key, report);
    }
    if (!tls.cert.empty() && tls.key.empty()) {
        report.error(*section->find("cert"), "needs its private key; write key: /PATH beside it");
    }
    if (tls.cert.empty() && !tls.key.empty()) {
        report.error(*section->find("key"), "needs its certificate; write cert: /PATH beside it");
    }
}

/// A number above what the service takes is allowed, as another plan may take more.
void warn_above(Section& section, const std::string& key, double value, double limit, const std::string& what,
                Report& report) {
    if (value <= limit) return;
    report.warning(*section.find(key), "above " + format_number(limit) + what + ", unless your plan allows more");
}

void read_reconnect(Section& uplink, ReconnectConfig& reconnect, Report& report) {
    auto section = uplink.section("reconnect");
    if (!section) return;
    section->duration("initial_delay", reconnect.initial_delay, {50ms, 1h});
    section->duration("max_delay", reconnect.max_delay, {500ms, 24h});
    section->number("multiplier", reconnect.multiplier, {1, 100});
    section->whole("per_minute", reconnect.per_minute, {1, 100'000});
    section->refuse_unknown_keys();
    warn_above(*section, "per_minute", reconnect.per_minute, kServiceConnects,
               " connects a minute from one address the service answers 429", report);
    if (reconnect.initial_delay <= reconnect.max_delay) return;
    const bool is_initial = section->find("initial_delay").has_value();
    report.error(*section->find(is_initial ? "initial_delay" : "max_delay"),
                 "initial_delay " + format_duration(reconnect.initial_delay) + " is longer than max_delay " +
                     format_duration(reconnect.max_delay) + "; make it the shorter one");
}

void read_rate(Section& uplink, RateConfig& rate, Report& report) {
    auto section = uplink.section("rate");
    if (!section) return;
    section->number("messages", rate.messages, {0.01, 1e6});
    section->number("burst", rate.burst, {1, 1e6});
    section->refuse_unknown_keys();
    warn_above(*section, "messages", rate.messages, kServiceRate,
               " messages a second the service closes the connection (4011)", report);
    warn_above(*section, "burst", rate.burst, kServiceBurst,
               " messages at once the service closes the connection (4011)", report);
}

}  // namespace

UplinkConfig read_uplink(Section& root, const std::string& gateway, Report& report) {
    UplinkConfig config;
    const auto field = root.require("uplink", "uplink: {url: wss://rms.metered.ca, auth: {token: {file: /PATH}}}");
    if (!field) return config;
    Section uplink(*field, report);
    read_service_url(uplink, config.url, report);
    read_auth(uplink, gateway, config.auth, report);
    read_tls(uplink, config.tls, report);
    read_proxy(uplink, config.proxy, report);
    uplink.boolean("split", config.split);
    config.channels = read_channels(uplink, gateway, report);
    read_reconnect(uplink, config.reconnect, report);
    read_rate(uplink, config.rate, report);
    uplink.word("confirm", config.confirm, {"ack", "receipt"});
    uplink.duration("receipt_timeout", config.receipt_timeout, {1s, 24h});
    uplink.refuse_unknown_keys();
    return config;
}

}  // namespace fieldlink
