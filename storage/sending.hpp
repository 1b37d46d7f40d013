#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "storage/buffer.hpp"
#include "storage/owed_set.hpp"

namespace fieldlink {

/// What is owed.
class Owed {
public:
    virtual ~Owed() = default;

    /// The smallest position greater than `position` of a message that is owed, an urgent one or another.
    virtual std::optional<std::int64_t> next_after(std::int64_t position, bool urgent) const = 0;

    /// False if more may be owed than can be seen.
    virtual bool is_complete() const = 0;
};

/// What is owed on disk and in memory, as one.
class OwedView final : public Owed {
public:
    /// The sets are null while the file cannot be read.
    OwedView(const OwedSet* urgent, const OwedSet* plain, const Buffer& buffer)
        : urgent_(urgent), plain_(plain), buffer_(buffer) {}

    std::optional<std::int64_t> next_after(std::int64_t position, bool urgent) const override;
    bool is_complete() const override { return plain_ != nullptr; }

private:
    const OwedSet *urgent_, *plain_;
    const Buffer& buffer_;
};

/// Which owed message goes out next, and which are on their way. Pure: it sees positions only.
///
/// Urgent ones go first; then, live first, what was appended since the connection ended or the outbox was opened; then
/// the rest. Each lane goes oldest first, and none is handed out twice before it was given back. What is on its way is
/// passed over without a look at each: no operation costs more than the logarithm of how much that is, save those that
/// say so.
class Sending {
public:
    /// `last_position` is the last one that is not live. Without `live_first` there is no live lane.
    Sending(bool live_first, std::int64_t last_position);

    enum class Lane { urgent, live, backlog };
    struct Next {
        Lane lane;
        std::int64_t position;
    };
    std::optional<Next> next(const Owed& owed) const;

    /// The first owed message behind `position` that is not on its way.
    std::optional<std::int64_t> next_after(const Owed& owed, std::int64_t position, bool urgent) const;

    /// What is known of a message on its way.
    struct Flight {
        std::uint32_t readings = 0;
        std::size_t bytes = 0;
    };

    /// `next`, as `owed` has it, was handed out.
    void taken(const Next& next, const Flight& flight, const Owed& owed);

    /// It is not to be handed out, as if it were on its way; nothing else of it is known.
    void withhold(std::int64_t position);

    bool in_flight(std::int64_t position) const { return in_flight_.count(position) != 0; }

    /// Whether a receiver may have it, though it is owed: it is in flight, or was.
    bool may_have_arrived(std::int64_t position) const;

    /// Empty if it is not in flight, or nothing is known of it.
    std::optional<Flight> flight(std::int64_t position) const;

    /// It is not owed any more.
    void settled(std::int64_t position);

    /// A message at this position is owed again.
    void owed_again(std::int64_t position);

    /// What was in flight may be handed out again. One that was not is ignored.
    void give_back(std::int64_t position);

    /// The connection ended: what comes after `last_position` is live.
    void begin_live(std::int64_t last_position);

    /// Another file may owe what lies behind; what is in flight stays there. Costs as much as that is.
    void look_again();

    /// Positions beyond `from` change by `shift`. Costs as much as what is in flight.
    void move(std::int64_t from, std::int64_t shift);

private:
    OwedSet& free(bool urgent) { return free_[urgent ? 1 : 0]; }
    void pass(std::int64_t first, std::int64_t last, bool urgent);

    bool live_first_;
    std::int64_t live_after_ = 0;
    std::unordered_map<std::int64_t, std::optional<Flight>> in_flight_;
    OwedSet given_back_;  ///< was in flight

    /// Of the messages that are not urgent, and of those that are: what may be handed out if it is owed. Whatever is
    /// owed and not in flight is in it.
    std::array<OwedSet, 2> free_;
};

}  // namespace fieldlink
