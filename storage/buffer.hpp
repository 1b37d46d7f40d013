#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "storage/message.hpp"
#include "storage/numbering.hpp"

namespace fieldlink {

/// A numbered message that is not on disk.
struct BufferedMessage {
    Number number;
    NewMessage content;
};

/// Whether it goes out before telemetry, and is never dropped by policy.
constexpr bool is_urgent(Kind kind) {
    return kind == Kind::result || kind == Kind::gap;
}

/// What a message takes in memory and, about, on disk.
std::size_t cost_of(const NewMessage& message);

/// The messages that are numbered and owed but not on disk: for a moment, until they are committed; longer while that
/// fails, or if they may be acked before they need to be. Bounded: readings and results have a bound each.
class Buffer {
public:
    static constexpr std::size_t kMaxReadingBytes = 4 * 1024 * 1024, kMaxUrgentBytes = 256 * 1024;

    void add(BufferedMessage message);
    void erase(std::int64_t position);
    const BufferedMessage* find(std::int64_t position) const;

    /// Whether there is more in it than its bounds allow.
    bool too_many_readings() const { return plain_.bytes > kMaxReadingBytes; }
    bool too_many_urgent() const { return urgent_.bytes > kMaxUrgentBytes; }

    /// The smallest position of a message greater than `position`, of the urgent ones or of the others.
    std::optional<std::int64_t> next_after(std::int64_t position, bool urgent) const;

    /// The smallest position of all; absent if there is none.
    std::optional<std::int64_t> first_position() const;

    /// The greatest position; absent if there is none.
    std::optional<std::int64_t> last(bool urgent) const;

    /// The first messages in the order of their positions, as many as one commit of `max_bytes` takes, at least one.
    std::vector<const BufferedMessage*> first(std::size_t max_bytes) const;

    /// The positions of all.
    std::vector<std::int64_t> positions() const;

    /// All positions change by `shift`.
    void move(std::int64_t shift);

    bool empty() const { return plain_.messages.empty() && urgent_.messages.empty(); }
    std::size_t size() const { return plain_.messages.size() + urgent_.messages.size(); }
    std::size_t bytes() const { return plain_.bytes + urgent_.bytes; }
    std::size_t urgent_bytes() const { return urgent_.bytes; }
    std::uint64_t readings() const { return readings_; }

    /// When the oldest message was made (boot clock); absent if there is none.
    std::optional<std::chrono::milliseconds> oldest() const;

private:
    struct Lane {
        std::map<std::int64_t, BufferedMessage> messages;
        std::size_t bytes = 0;
    };
    static void move(Lane& lane, std::int64_t shift);

    Lane plain_, urgent_;
    std::uint64_t readings_ = 0;
};

}  // namespace fieldlink
