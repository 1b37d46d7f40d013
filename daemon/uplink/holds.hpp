#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/uplink/reactions.hpp"

namespace fieldlink {

/// What the service refused for now: messages (by their positions), channels, or everything; each until a moment of its
/// own, with delays that double from one refusal to the next. Nothing in here is given up. Pure: knows no clock.
///
/// What a hold keeps back is set aside, as positions only, and comes out of release() when the hold is due: each once,
/// and nothing else. A channel that is due is tried with one publish; the rest follows when that was acked.
class Holds {
public:
    /// With so many messages refused one by one, something is wrong with all of them: the rest waits too.
    static constexpr std::size_t kMaxMessages = 256;

    /// With so many set aside no more are to be taken until some are released.
    static constexpr std::size_t kMaxAside = 256 * 1024;

    /// So many of a channel are released at once while it is not known whether the service takes it again. One goes;
    /// the others are there in case that the outbox has dropped it meanwhile.
    static constexpr std::size_t kToTry = 16;

    /// A refusal is forgotten if the message did not come again for so long: the outbox may have dropped it.
    static constexpr std::chrono::minutes kForgotten{10};

    /// A publish was refused: how long what it is about is held, and whether that is news to a person.
    struct Held {
        milliseconds delay{0};
        bool news = false;
    };
    Held refused(std::int64_t position, const std::string& channel, const Refusal& why, Instant now);

    /// A publish of several messages was refused. What is only about a message may be about any of them or none: they
    /// all come again once the time is over, and none of them is held by itself.
    Held refused_together(const std::vector<std::int64_t>& positions, const std::string& channel, const Refusal& why,
                          Instant now);

    /// A publish on the channel was answered, and that says nothing of what is held.
    void answered(const std::string& channel, Instant now);

    /// A publish on the channel was sent.
    void sent(const std::string& channel);

    /// The message was acked: the service takes it and its channel again, so whatever else was held with it is due.
    /// True if it, its channel or everything had been refused before.
    bool settled(std::int64_t position, const std::string& channel);

    /// The same of something of the channel that is no whole message.
    bool works(const std::string& channel);

    /// A publish of several messages was acked.
    void settled_together() { shared_.delay = milliseconds(0); }

    bool holds(std::int64_t position, const std::string& channel, Instant now) const;
    bool holds_everything(Instant now) const;

    /// This message is not sent now, since it is held.
    void set_aside(std::int64_t position, const std::string& channel, Instant now);
    bool is_full() const { return aside_ >= kMaxAside; }

    /// When something that was held may be tried again; absent if nothing waits.
    std::optional<Instant> next_release() const;

    /// What is due by now, of what was set aside: it may be taken again.
    std::vector<std::int64_t> release(Instant now);

    /// The connection ended: all that was set aside. The holds go on.
    std::vector<std::int64_t> disconnected();

private:
    struct Hold {
        milliseconds delay{0};  ///< zero: not refused since it was last taken
        Instant until;
        bool on_trial = false;       ///< the publish that is to show whether it is taken again is under way
        std::optional<Instant> due;  ///< when to look at what is set aside
        std::vector<std::int64_t> aside;
    };

    static Held extend(Hold& hold, const Refusal& why, Instant now);
    static void end_trial(Hold& hold, Instant now);
    static bool lift(Hold& hold);
    void release(Hold& hold, std::size_t most, Instant now, std::vector<std::int64_t>& released);
    std::size_t waiting_messages(Instant now) const;

    std::map<std::int64_t, Hold> messages_;  ///< by position
    std::map<std::string, Hold, std::less<>> channels_;
    Hold everything_;
    Hold shared_;  ///< the return of messages that were refused together; holds nobody back
    std::size_t aside_ = 0;
};

}  // namespace fieldlink
