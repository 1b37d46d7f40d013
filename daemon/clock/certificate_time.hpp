#pragma once

#include <chrono>
#include <optional>

namespace fieldlink {

/// The time (Unix) by which the certificates of a server are judged.
struct CertificateTime {
    std::chrono::seconds at{0};
    bool not_yet_valid_is_error = true;
};

/// Which time that is on a device whose clock may stand at 1970 or 2099. Once the true time is known it is that one,
/// and both ends of a certificate's validity count. Until then the beginning does not count, and the end is judged by
/// the wall clock if this is possible at all, that is not before `kept` and `build` and at most 20 years after `build`;
/// else by the later of these two. All are Unix times; `kept` is a time that a verified server told in an earlier life,
/// 0 if none did. Pure.
CertificateTime certificate_time(std::optional<std::chrono::seconds> true_time, std::chrono::seconds wall,
                                 std::chrono::seconds kept, std::chrono::seconds build);

/// When this program was built (Unix time), the same for every build of the same source: SOURCE_DATE_EPOCH if it was
/// set, else the time of the newest commit, else that of configuring the build.
std::chrono::seconds build_time();

}  // namespace fieldlink
