// 10,000 gateways come back after the service was away: connects per second over time, in virtual time, with the
// product's own back-off and beside it with the SDK's.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "tests/daemon/uplink/fleet.hpp"

namespace fieldlink {
namespace {

constexpr double kAim = 3, kMostAtOnce = 0.05;
constexpr std::size_t kWidth = 44;

std::string bar(unsigned value, unsigned full) {
    return std::string(value * kWidth / std::max(full, 1u), '#');
}

void print_chart(const FleetReturn& product, const FleetReturn& sdk) {
    const unsigned full = std::max(product.peak(), sdk.peak());
    std::printf("    s  fieldlink %-*s      SDK\n", static_cast<int>(kWidth), "");
    for (std::size_t second = 0; second < std::max(product.per_second.size(), sdk.per_second.size()); ++second) {
        const unsigned ours = second < product.per_second.size() ? product.per_second[second] : 0;
        const unsigned theirs = second < sdk.per_second.size() ? sdk.per_second[second] : 0;
        std::printf("  %3zu %6u %-*s  %6u %s\n", second, ours, static_cast<int>(kWidth + 4), bar(ours, full).c_str(),
                    theirs, bar(theirs, full).c_str());
    }
}

void print_summary(const char* who, const FleetReturn& back) {
    std::printf(
        "  %-10s 99 %% back within %3zu s; connects a second: peak %5u, mean %6.1f, peak : mean %.2f; "
        "refused attempts %llu\n",
        who, back.per_second.size(), back.peak(), back.mean(), back.ratio(),
        static_cast<unsigned long long>(back.refused));
}

/// Whether the aim is met.
bool run(const FleetCase& fleet, const ReconnectConfig& config) {
    const auto product = simulate(fleet, [&](auto random) { return product_member(config, fleet, std::move(random)); });
    const auto sdk = simulate(fleet, [&](auto random) { return sdk_member(fleet, std::move(random)); });
    const bool met = product.ratio() <= kAim && product.share_at_peak() <= kMostAtOnce;
    std::printf("\n%s: %u gateways, seed %u\n", fleet.name.c_str(), fleet.gateways, fleet.seed);
    print_chart(product, sdk);
    print_summary("fieldlink", product);
    print_summary("SDK", sdk);
    std::printf("  aim: peak <= %.0f x mean, and <= %.0f %% of the fleet in one second: %s\n", kAim, 100 * kMostAtOnce,
                met ? "met" : "MISSED");
    return met;
}

std::vector<FleetCase> cases(unsigned gateways, unsigned seed) {
    using std::chrono::seconds;
    return {
        {"all connections lost (1006), service away for 60 s", FleetEvent::lost, seconds(60), gateways, 1, seed},
        {"the same with uplink.split", FleetEvent::lost, seconds(60), gateways, 2, seed},
        {"close code 1012, service away for 60 s", FleetEvent::restart, seconds(60), gateways, 1, seed},
        {"close code 1012, service away for 3 s", FleetEvent::restart, seconds(3), gateways, 1, seed},
        {"going_away (retryAfterMs 5000) and 1001, away for 3 s", FleetEvent::going_away, seconds(3), gateways, 1,
         seed},
    };
}

}  // namespace
}  // namespace fieldlink

int main(int argc, char** argv) try {
    unsigned gateways = 10'000, seed = 1;
    fieldlink::ReconnectConfig config;
    CLI::App app(
        "Connects per second of a fleet after the service was away, in virtual time; status 1: an aim is missed");
    app.add_option("--gateways", gateways)->capture_default_str();
    app.add_option("--seed", seed)->capture_default_str();
    app.add_option("--per-minute", config.per_minute, "uplink.reconnect.per_minute")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    bool met = true;
    for (const auto& fleet : fieldlink::cases(gateways, seed))
        met = fieldlink::run(fleet, config) && met;
    return met ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "fleet_bench: %s\n", error.what());
    return 1;
}
