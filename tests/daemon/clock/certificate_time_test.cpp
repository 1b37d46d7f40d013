#include "daemon/clock/certificate_time.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds kBuild{1'760'000'000}, kNone{0};
constexpr seconds kYear = hours(24 * 365);

TEST(CertificateTime, IsTheTrueTimeOnceItIsKnownAndBothEndsCount) {
    for (const seconds truth : {kBuild - kYear, kBuild, kBuild + 30 * kYear}) {
        const CertificateTime judged = certificate_time(truth, kNone, kBuild + kYear, kBuild);
        EXPECT_EQ(judged.at, truth);
        EXPECT_TRUE(judged.not_yet_valid_is_error);
    }
}

TEST(CertificateTime, IsTheWallClockIfThatIsPossible) {
    for (const seconds wall : {kBuild, kBuild + kYear, kBuild + 20 * kYear}) {
        const CertificateTime judged = certificate_time(std::nullopt, wall, kNone, kBuild);
        EXPECT_EQ(judged.at, wall);
        EXPECT_FALSE(judged.not_yet_valid_is_error);
    }
}

TEST(CertificateTime, IsTheBuildsTimeOnAClockThatStandsAt1970Or2099) {
    for (const seconds wall : {kNone, kBuild - seconds(1), kBuild + 20 * kYear + seconds(1), seconds(4'070'908'800)}) {
        EXPECT_EQ(certificate_time(std::nullopt, wall, kNone, kBuild).at, kBuild);
        EXPECT_FALSE(certificate_time(std::nullopt, wall, kNone, kBuild).not_yet_valid_is_error);
    }
}

TEST(CertificateTime, IsNeverBeforeATimeThatAServerTold) {
    const seconds kept = kBuild + 2 * kYear;
    EXPECT_EQ(certificate_time(std::nullopt, kNone, kept, kBuild).at, kept);
    EXPECT_EQ(certificate_time(std::nullopt, kBuild + kYear, kept, kBuild).at, kept);
    EXPECT_EQ(certificate_time(std::nullopt, kept + kYear, kept, kBuild).at, kept + kYear);
    EXPECT_EQ(certificate_time(std::nullopt, kNone, kBuild - kYear, kBuild).at, kBuild);
}

TEST(CertificateTime, KnowsWhenTheProgramWasBuilt) {
    EXPECT_GT(build_time(), seconds(1'577'836'800)) << "not before 2020";
}

}  // namespace
}  // namespace fieldlink
