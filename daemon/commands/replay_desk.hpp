#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "daemon/commands/order.hpp"
#include "storage/range.hpp"

namespace fieldlink {

/// What came of one piece of a replay.
struct ReplayPiece {
    Progress progress;
    std::string problem;  ///< why the outbox could not; empty if it could
};

/// Carries out `replay` commands, one at a time and piece by piece, so that no reading waits for a long one.
/// [net thread]
class ReplayDesk {
public:
    class Host {
    public:
        virtual ~Host() = default;

        /// Makes delivered messages of the range owed again, from this position on; `done` is called on the net thread.
        virtual void replay_piece(const Range& range, std::int64_t from, std::function<void(ReplayPiece)> done) = 0;
    };

    /// How a replay ended: how many messages and readings are owed again, and why not all.
    struct Ending {
        std::uint64_t messages = 0, readings = 0;
        std::string problem;
    };
    using Ended = std::function<void(const Order& order, const Ending& ending)>;

    ReplayDesk(Host& host, Ended ended) : host_(host), ended_(std::move(ended)) {}

    bool is_busy() const { return order_.has_value(); }

    /// Begins; order.command.replay says what. Not while it is busy.
    void begin(const Order& order);

    /// Ends at once what is under way.
    void give_up(const std::string& why);

private:
    void ask(std::int64_t from);
    void on_piece(std::uint64_t run, const ReplayPiece& piece);
    void end(std::string problem);

    Host& host_;
    Ended ended_;
    std::optional<Order> order_;
    Ending ending_;
    std::uint64_t run_ = 0;  ///< counts the replays, so that a late piece of one that was given up is known
};

}  // namespace fieldlink
