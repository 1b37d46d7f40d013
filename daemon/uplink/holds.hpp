#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "daemon/uplink/reactions.hpp"

namespace fieldlink {

/// What the service refused for now: messages (by their positions), channels, or everything; each until a moment of its
/// own, with delays that double from one refusal to the next. Nothing in here is given up. Pure: knows no clock.
class Holds {
public:
    /// With so many messages refused one by one, something is wrong with all of them: the rest waits too.
    static constexpr std::size_t kMaxMessages = 256;

    /// A refusal is forgotten if the message did not come again for so long: the outbox may have dropped it.
    static constexpr std::chrono::minutes kForgotten{10};

    /// A publish was refused: how long what it is about is held, and whether that is news to a person.
    struct Held {
        milliseconds delay{0};
        bool news = false;
    };
    Held refused(std::int64_t position, const std::string& channel, const Refusal& why, Instant now);

    /// A publish of several messages was refused. What is only about a message may be about any of them or none: they
    /// all come again once the time is over, as soon as anything is released, and none of them is held by itself.
    Held refused_together(const std::string& channel, const Refusal& why, Instant now);

    /// The message was acked: the service takes it and its channel again, so whatever else was held with it is due.
    /// True if it, its channel or everything had been refused before.
    bool settled(std::int64_t position, const std::string& channel);

    /// A publish of several messages was acked.
    void settled_together() { shared_.delay = milliseconds(0); }

    bool holds(std::int64_t position, const std::string& channel, Instant now) const;
    bool holds_everything(Instant now) const;

    /// When something that was held may be tried again; absent if nothing waits.
    std::optional<Instant> next_release() const;

    /// What is due by now no longer waits: its messages are being taken again. True if there was any.
    bool release(Instant now);

private:
    struct Hold {
        milliseconds delay{0};
        Instant until;
        bool waits = false;
    };

    static Held extend(Hold& hold, const Refusal& why, Instant now);
    std::size_t waiting_messages(Instant now) const;

    std::map<std::int64_t, Hold> messages_;  ///< by position
    std::map<std::string, Hold, std::less<>> channels_;
    Hold everything_;
    Hold shared_;  ///< the return of messages that were refused together; holds nobody back
};

}  // namespace fieldlink
