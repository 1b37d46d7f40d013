#include "daemon/commands/replay_desk.hpp"

#include <cassert>
#include <utility>

namespace fieldlink {

void ReplayDesk::begin(const Order& order) {
    assert(!is_busy() && order.command.replay);
    order_ = order;
    ending_ = {};
    ++run_;
    ask(0);
}

void ReplayDesk::ask(std::int64_t from) {
    const Range range = *order_->command.replay;
    host_.replay_piece(range, from, [this, run = run_](const ReplayPiece& piece) { on_piece(run, piece); });
}

void ReplayDesk::on_piece(std::uint64_t run, const ReplayPiece& piece) {
    if (!is_busy() || run != run_) return;
    ending_.messages += piece.progress.messages;
    ending_.readings += piece.progress.readings;
    if (!piece.problem.empty()) return end(piece.problem);
    if (piece.progress.end) return end({});
    ask(piece.progress.next);
}

void ReplayDesk::give_up(const std::string& why) {
    if (is_busy()) end(why);
}

void ReplayDesk::end(std::string problem) {
    const Order order = *std::exchange(order_, std::nullopt);
    ending_.problem = std::move(problem);
    ended_(order, ending_);
}

}  // namespace fieldlink
