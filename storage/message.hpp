#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fieldlink {

/// One moment by two clocks: the boot clock (CLOCK_BOOTTIME, steady, counts through suspend) orders and measures; the
/// wall clock (Unix time) may step and is only as true as the machine's time was then.
struct Stamp {
    std::chrono::milliseconds boot{0};
    std::chrono::milliseconds wall{0};
};

/// Unix time minus boot clock, for the boot that boot clock times were taken in.
struct TimeBase {
    bool this_boot = true;  ///< else that of an earlier start of the machine
    std::optional<std::chrono::milliseconds>
        true_offset;  ///< as it was stored; absent if the true time never was known
};

/// What a message carries. The values are stored; never renumber.
enum class Kind : std::uint8_t { readings = 1, result = 2, gap = 3, event = 4 };

/// What is to be handed out of what is owed: all of it, or gap records and results alone.
enum class Urgency { any, urgent };

/// A message before it is committed.
struct NewMessage {
    std::string channel;
    Kind kind = Kind::readings;
    Stamp created;
    std::uint32_t readings = 0;        ///< how many the body holds
    std::vector<std::string> sensors;  ///< that have readings in it: for the gap record, should it be dropped
    std::chrono::milliseconds first{0}, last{0};  ///< boot clock of its oldest and newest reading
    std::string body;                             ///< readings: see daemon/message/body.hpp; else a JSON object
};

struct Previous {
    std::string epoch;
    std::int64_t seq = 0;
};

/// A numbered message as it is handed to the uplink.
struct StoredMessage {
    std::int64_t position = 0;  ///< its place in this outbox: what settle() takes; not part of its id
    std::int64_t seq = 0;
    std::string gateway, epoch;  ///< those it was numbered under
    std::string channel;
    Kind kind = Kind::readings;
    std::optional<Previous> prev;  ///< the message committed before it on the same channel
    Stamp created;
    std::chrono::milliseconds first{0}, last{0};  ///< boot clock of its oldest and newest reading
    std::uint32_t readings = 0;
    bool replayed = false;  ///< an operator had it sent again
    TimeBase time_base;     ///< of the boot that its boot clock times belong to
    std::string body;
};

/// A message that the service refuses for good. If nothing of it arrived (`whole`), all its readings are given up;
/// else `readings` of it are, and the others were acked in parts.
struct RefusedMessage {
    std::int64_t position = 0;
    std::uint32_t readings = 0;        ///< not looked at if `whole`
    std::vector<std::string> sensors;  ///< that the readings given up are of; empty: all that have readings in it
    bool whole = true;
};

/// Readings that never became a message (a full queue between threads).
struct Loss {
    std::string channel;
    std::string reason;  ///< "queue_full", …
    std::uint64_t readings = 0;
    std::vector<std::string> sensors;
    Stamp first, last;
};

}  // namespace fieldlink
