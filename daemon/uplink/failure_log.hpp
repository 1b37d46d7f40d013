#pragma once

#include <string>
#include <utility>

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

/// Which failures are worth a line in the journal while there is no connection: the first, another kind of failure, and
/// one every kRepeat. Pure: knows no clock.
class FailureLog {
public:
    static constexpr std::chrono::minutes kRepeat{10};

    bool worth_a_line(const Failure& failure, Instant now);

    /// There is a connection again: the next failure is a first one. True if there was a line since the last time.
    bool connected() { return std::exchange(last_, nullptr) != nullptr; }

private:
    const Reaction* last_ = nullptr;
    Instant said_;
};

}  // namespace fieldlink
