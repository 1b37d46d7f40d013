#include "daemon/clock/certificate_time.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

using std::chrono::seconds;

constexpr seconds kLongestLife = std::chrono::hours(24) * 365 * 20;

}  // namespace

CertificateTime certificate_time(std::optional<seconds> true_time, seconds wall, seconds kept, seconds build) {
    if (true_time) return {*true_time, true};
    const seconds floor = std::max(build, kept);
    const bool possible = wall >= floor && wall <= build + kLongestLife;
    return {possible ? wall : floor, false};
}

seconds build_time() {
    return seconds(FIELDLINK_BUILD_TIME);
}

}  // namespace fieldlink
