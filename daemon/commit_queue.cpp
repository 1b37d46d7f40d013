#include "daemon/commit_queue.hpp"

#include <numeric>
#include <utility>

#include "storage/outbox.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kMaxReadingBytes = 4 * 1024 * 1024;
constexpr std::size_t kMaxResultBytes = 256 * 1024;

std::uint64_t add_readings(std::uint64_t sum, const NewMessage& message) {
    return sum + message.readings;
}

}  // namespace

bool CommitQueue::push(NewMessage& message) {
    const std::size_t cost = Outbox::append_cost(message);
    const bool readings = message.kind == Kind::readings;
    std::size_t& bytes = readings ? reading_bytes_ : result_bytes_;
    if (cost > Outbox::kMaxAppendBytes || bytes + cost > (readings ? kMaxReadingBytes : kMaxResultBytes)) return false;
    bytes += cost;
    waiting_.push_back(std::move(message));
    return true;
}

const std::vector<NewMessage>& CommitQueue::chunk() {
    if (!chunk_.empty()) return chunk_;
    std::size_t bytes = 0;
    while (!waiting_.empty()) {
        bytes += Outbox::append_cost(waiting_.front());
        if (bytes > Outbox::kMaxAppendBytes) break;
        chunk_.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return chunk_;
}

void CommitQueue::done() {
    for (const NewMessage& message : chunk_)
        (message.kind == Kind::readings ? reading_bytes_ : result_bytes_) -= Outbox::append_cost(message);
    chunk_.clear();
}

std::uint64_t CommitQueue::readings() const {
    const auto in_chunk = std::accumulate(chunk_.begin(), chunk_.end(), std::uint64_t{0}, add_readings);
    return std::accumulate(waiting_.begin(), waiting_.end(), in_chunk, add_readings);
}

}  // namespace fieldlink
