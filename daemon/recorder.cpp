#include "daemon/recorder.hpp"

#include <algorithm>
#include <iterator>

#include "daemon/log.hpp"
#include "daemon/message/clock.hpp"

namespace fieldlink {
namespace {

using boost::system::error_code;
using std::chrono::milliseconds;

constexpr std::size_t kMaxWaitingBytes = 4 * 1024 * 1024;
constexpr milliseconds kRetryCommit{1'000};

/// Acks normally go with the next batch. Without one, a crash would cost this long's duplicates.
constexpr milliseconds kAckPatience{5'000};

std::size_t memory_of(const NewMessage& message) {
    return sizeof(NewMessage) + message.body.size();
}

}  // namespace

bool InboxBudget::take(std::size_t bytes) {
    const auto wanted = static_cast<std::int64_t>(bytes);
    if (free_.fetch_sub(wanted) >= wanted) return true;
    free_ += wanted;
    return false;
}

Recorder::Recorder(boost::asio::io_context& io, const Config& config, const OutboxOptions& outbox, Host& host)
    : batch_timer_(io),
      retry_timer_(io),
      ack_timer_(io),
      results_channel_(config.uplink.channels.results),
      host_(host),
      batcher_(config.batch, config.gateway, config.uplink.channels.telemetry),
      outbox_(outbox) {}

void Recorder::add(const Readings& readings) {
    const Stamp arrived = now();
    for (const Reading& reading : *readings)
        batcher_.add(reading, arrived);
    if (batcher_.has_full()) commit(batcher_.full());
    plan_batch();
}

void Recorder::add_result(std::string result_json) {
    NewMessage message;
    message.channel = results_channel_;
    message.kind = Kind::result;
    message.created = now();
    message.body = std::move(result_json);
    // What was read before a command's result is committed before it, in the same commit.
    std::vector<NewMessage> messages = batcher_.all(message.created);
    messages.push_back(std::move(message));
    commit(std::move(messages));
}

void Recorder::lost(std::vector<Loss> losses) {
    for (Loss& loss : losses) {
        loss.channel = batcher_.channel_of(loss.sensors.front());
        outbox_.lost(loss);
    }
}

void Recorder::plan_batch() {
    const auto due = batcher_.next_due();
    if (!due) return;
    batch_timer_.expires_after(std::max(*due - now().boot, milliseconds(1)));
    batch_timer_.async_wait([this](error_code error) {
        if (error) return;
        commit(batcher_.due(now()));
        plan_batch();
    });
}

void Recorder::commit(std::vector<NewMessage> messages) {
    if (messages.empty()) return;
    hold(std::move(messages));
    if (degraded_.empty()) try_commit();
}

void Recorder::hold(std::vector<NewMessage> messages) {
    for (NewMessage& message : messages) {
        const std::size_t bytes = memory_of(message);
        if (message.kind == Kind::readings && waiting_bytes_ + bytes > kMaxWaitingBytes) {
            drop(message);
            continue;
        }
        waiting_bytes_ += bytes;
        waiting_.push_back(std::move(message));
    }
}

void Recorder::drop(const NewMessage& message) {
    const milliseconds wall_ahead = message.created.wall - message.created.boot;
    outbox_.lost({message.channel,
                  "disk_error",
                  message.readings,
                  message.sensors,
                  {message.first, message.first + wall_ahead},
                  {message.last, message.last + wall_ahead}});
}

bool Recorder::try_commit() {
    try {
        if (waiting_bytes_ == 0) outbox_.commit_acks();
        while (waiting_bytes_ > 0)
            commit_some();
    } catch (const StorageError& error) {
        note_failure(error.what());
        return false;
    }
    ack_timer_.cancel();
    ack_commit_planned_ = false;
    if (!degraded_.empty()) log::notice("storage: commits work again");
    degraded_.clear();
    host_.committed();
    host_.storage_changed(status());
    return true;
}

/// Usually all that waits. After a failure more may have gathered than the outbox takes in one commit.
void Recorder::commit_some() {
    if (committing_.empty()) {
        std::size_t bytes = 0;
        auto end = waiting_.begin();
        while (end != waiting_.end() && (bytes == 0 || bytes + memory_of(*end) <= Outbox::kMaxAppendBytes))
            bytes += memory_of(*end++);
        std::move(waiting_.begin(), end, std::back_inserter(committing_));
        waiting_.erase(waiting_.begin(), end);
    }
    outbox_.append(committing_);
    for (const NewMessage& message : committing_)
        waiting_bytes_ -= memory_of(message);
    committing_.clear();
}

void Recorder::note_failure(const std::string& why) {
    if (degraded_.empty()) log::error("storage: " + why + "; readings are kept in memory meanwhile");
    degraded_ = why;
    host_.storage_changed(status());
    plan_retry();
}

void Recorder::plan_retry() {
    retry_timer_.expires_after(kRetryCommit);
    retry_timer_.async_wait([this](error_code error) {
        if (!error) try_commit();
    });
}

void Recorder::take(std::size_t max_messages, std::size_t max_bytes) {
    try {
        host_.taken(outbox_.take(max_messages, max_bytes));
    } catch (const StorageError& error) {
        host_.taken({});
        note_failure(error.what());
    }
}

void Recorder::settle(const std::vector<std::int64_t>& seqs) {
    outbox_.settle(seqs);
    plan_ack_commit();
}

void Recorder::plan_ack_commit() {
    if (ack_commit_planned_) return;
    ack_commit_planned_ = true;
    ack_timer_.expires_after(kAckPatience);
    ack_timer_.async_wait([this](error_code error) {
        if (error) return;
        ack_commit_planned_ = false;
        if (degraded_.empty()) try_commit();
    });
}

void Recorder::give_back() {
    outbox_.give_back();
}

bool Recorder::flush() {
    hold(batcher_.all(now()));
    return try_commit();
}

StorageStatus Recorder::status() const {
    std::uint64_t waiting = batcher_.open_readings();
    for (const NewMessage& message : waiting_)
        waiting += message.readings;
    return {outbox_.stats(), outbox_.epoch(), degraded_, waiting};
}

}  // namespace fieldlink
