#pragma once

#include <optional>

#include "storage/message.hpp"

namespace fieldlink {

/// Where the true time is known from. `synced`: from the kernel, which is synchronised or was so before. `service`:
/// from the service, or from an earlier run of the daemon in this boot.
enum class ClockState { unsynced, service, synced };

/// `synced`, `service` or `unsynced`.
const char* name_of(ClockState state);

/// What is known of the true time at one moment. An offset is Unix time minus boot clock (CLOCK_BOOTTIME).
struct TrueTime {
    ClockState state = ClockState::unsynced;
    std::optional<std::chrono::milliseconds> offset;  ///< absent exactly while unsynced
    bool disagreement = false;  ///< kernel and service contradict each other; the service's is taken
};

/// The offset that holds from now on, and the one that times were computed by before.
struct OffsetChange {
    std::chrono::milliseconds from{0}, to{0};
    bool corrected = false;  ///< by so much (1 s) that whoever has received messages must be told
};

/// What became of the true time since it was looked at before.
struct ClockNews {
    std::optional<OffsetChange> offset;
    std::optional<bool> disagreement;  ///< that of kernel and service: true as it begins, false as it ends
};

/// Judges what time it truly is by what the kernel and the service say of it.
///
/// - A synchronised kernel makes the wall clock true. A wall clock that has stepped since the kernel was asked is not
///   believed until it was asked again: the offset it had then holds.
/// - Else the service's time counts, by the boot clock since it was heard, unless the wall clock is within 2 s of it:
///   that is as good as the service's time is, and the wall clock is taken. So is the offset that was told last kept:
///   each welcome's seconds are cut anew, and a wall clock that steps away was the better one before.
/// - A synchronised kernel that differs from the service by more than 5 s is overruled by it.
/// - Else what was known earlier in this boot still holds.
/// - Else the true time is not known.
///
/// The offset does not jitter: it changes by steps of 100 ms and more only. Pure: knows no clock; any one thread.
class TrueClock {
public:
    using milliseconds = std::chrono::milliseconds;

    /// `now`: by whose wall clock times are computed until a true time is known. `earlier`: the offset that was told
    /// last in an earlier run of the daemon in this boot, which holds until somebody says better and then does not
    /// jitter either.
    explicit TrueClock(Stamp now, std::optional<milliseconds> earlier = std::nullopt);

    /// The kernel was asked at `now`.
    void kernel(bool synchronised, Stamp now);

    /// At `boot` (boot clock) the service said that it is `unix_time`, cut to multiples of `precision`. A time before
    /// 2020 or after 2261 is ignored: it is no clock's, and its digits would not fit what is reserved for `ts`.
    void service_time(milliseconds unix_time, milliseconds precision, milliseconds boot);

    /// The true time as it is known at `now`. To be asked anew for each use.
    TrueTime at(Stamp now) const;

    /// The same, as news: each change is told once. To be called after either of the above and every second.
    ClockNews look(Stamp now);

    /// The wall clock has stepped since the kernel was asked: it is time to ask it again.
    bool stepped(Stamp now) const;

private:
    struct Anchor {
        milliseconds offset, boot;
    };

    TrueTime judge(Stamp now) const;
    milliseconds offset_by_service() const;

    milliseconds used_;  ///< the offset that was told last
    bool known_;
    bool disagreement_ = false;
    bool synchronised_ = false;
    std::optional<milliseconds> kernel_;  ///< the wall clock's offset when the kernel was synchronised last
    std::optional<milliseconds> asked_;   ///< the wall clock's offset when the kernel was asked last
    std::optional<Anchor> service_;
    std::optional<milliseconds> earlier_;
};

}  // namespace fieldlink
