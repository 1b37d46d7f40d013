#include "tests/daemon/uplink/fleet.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

constexpr double kAim = 3;  // times the mean

FleetReturn product_after(FleetEvent event, std::chrono::seconds away) {
    const FleetCase fleet{"", event, away, 3'000, 7};
    return simulate(fleet, [event](auto random) { return product_member(ReconnectConfig{}, event, random); });
}

TEST(Fleet, ComesBackSpreadOutAfterAMinutesOutage) {
    EXPECT_LE(product_after(FleetEvent::lost, std::chrono::seconds(60)).ratio(), kAim);
}

TEST(Fleet, ComesBackSpreadOutAfterTheServiceHasRestarted) {
    EXPECT_LE(product_after(FleetEvent::restart, std::chrono::seconds(60)).ratio(), kAim);
    EXPECT_LE(product_after(FleetEvent::restart, std::chrono::seconds(3)).ratio(), kAim);
}

TEST(Fleet, ComesBackSpreadOutAfterTheServiceHasSaidThatItGoesAway) {
    EXPECT_LE(product_after(FleetEvent::going_away, std::chrono::seconds(60)).ratio(), kAim);
    EXPECT_LE(product_after(FleetEvent::going_away, std::chrono::seconds(3)).ratio(), kAim);
}

// What the ratio would be without full jitter: it does tell a wave from a slope.
TEST(Fleet, ComesBackFarMoreEvenlyThanWithTheSdk) {
    const FleetCase fleet{"", FleetEvent::lost, std::chrono::seconds(60), 3'000, 7};
    const auto sdk = simulate(fleet, [](auto random) { return sdk_member(random); });
    EXPECT_GT(sdk.ratio(), 1.5 * product_after(FleetEvent::lost, std::chrono::seconds(60)).ratio());
}

}  // namespace
}  // namespace fieldlink
