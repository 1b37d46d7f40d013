#pragma once

#include <optional>
#include <string>

#include "daemon/uplink/reactions.hpp"

namespace fieldlink {

/// What went wrong with one attempt or connection.
struct Failure {
    const Reaction* reaction = nullptr;
    std::string detail;           ///< e.g. "connect: connection refused"; may be empty
    milliseconds retry_after{0};  ///< the service asked for at least so much
};

/// One line for a person: what failed, in detail, and what to do.
std::string describe(const Failure& failure);

/// Which failures are worth a line in the journal: the first, another kind of failure, the same kind with another
/// detail after kDetail, and one every kRepeat. A
/// connection that did not last makes no failure a first one: else a link that flaps would fill the journal. Pure:
/// knows no clock.
class FailureLog {
public:
    static constexpr std::chrono::minutes kRepeat{10};
    static constexpr std::chrono::minutes kDetail{1};
    static constexpr std::chrono::minutes kStable{1};

    bool worth_a_line(const Failure& failure, Instant now);

    /// There is a connection again. True if there was a line since the last time.
    bool connected(Instant now);

private:
    const Reaction* last_ = nullptr;
    std::string detail_;
    Instant said_;
    std::optional<Instant> connected_;  ///< since then, if nothing has failed yet
    bool told_ = false;                 ///< a line since the connection before
};

}  // namespace fieldlink
