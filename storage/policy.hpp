#pragma once

namespace fieldlink {

/// What goes when the outbox is full and everything in it is owed.
enum class DropPolicy {
    oldest,  ///< the oldest readings
    newest,  ///< those that come now
    thin,    ///< every other reading of each sensor, as often as needed: an outage of any length stays covered evenly
};

/// When a message is on disk, and what a crash or a power cut can cost. Consistent it is in each.
enum class DurabilityMode {
    power,     ///< with append(): neither a crash nor a power cut takes it back
    process,   ///< with append(), for crashes; a power cut costs at most what came in the last 30 s
    deferred,  ///< only if it was not acked for 2 s, or there is no link: a crash or a power cut costs what is in
               ///< memory
};

}  // namespace fieldlink
