#include "tests/daemon/uplink/fleet.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

/// No second sees more than three times the mean, nor more than a twentieth of all.
void expect_spread_out(const FleetReturn& back) {
    EXPECT_LE(back.ratio(), 3);
    EXPECT_LE(back.share_at_peak(), 0.05);
}

FleetReturn product_after(FleetEvent event, std::chrono::seconds away, std::size_t links = 1) {
    const FleetCase fleet{"", event, away, 3'000, links, 7};
    return simulate(fleet, [&fleet](auto random) { return product_member(ReconnectConfig{}, fleet, random); });
}

TEST(Fleet, ComesBackSpreadOutAfterAMinutesOutage) {
    expect_spread_out(product_after(FleetEvent::lost, std::chrono::seconds(60)));
}

TEST(Fleet, ComesBackSpreadOutOnTwoConnectionsEach) {
    expect_spread_out(product_after(FleetEvent::lost, std::chrono::seconds(60), 2));
}

TEST(Fleet, ComesBackSpreadOutAfterTheServiceHasRestarted) {
    expect_spread_out(product_after(FleetEvent::restart, std::chrono::seconds(60)));
    expect_spread_out(product_after(FleetEvent::restart, std::chrono::seconds(3)));
}

TEST(Fleet, ComesBackSpreadOutAfterTheServiceHasSaidThatItGoesAway) {
    expect_spread_out(product_after(FleetEvent::going_away, std::chrono::seconds(60)));
    expect_spread_out(product_after(FleetEvent::going_away, std::chrono::seconds(3)));
}

// What the ratio would be without full jitter: it does tell a wave from a slope.
TEST(Fleet, ComesBackFarMoreEvenlyThanWithTheSdk) {
    const FleetCase fleet{"", FleetEvent::lost, std::chrono::seconds(60), 3'000, 1, 7};
    const auto sdk = simulate(fleet, [&fleet](auto random) { return sdk_member(fleet, random); });
    EXPECT_GT(sdk.ratio(), 1.5 * product_after(FleetEvent::lost, std::chrono::seconds(60)).ratio());
}

}  // namespace
}  // namespace fieldlink
