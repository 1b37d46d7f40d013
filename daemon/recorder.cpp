#include "daemon/recorder.hpp"

#include <utility>

#include "daemon/log.hpp"
#include "daemon/message/clock.hpp"

namespace fieldlink {
namespace {

using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kRetryCommit{1'000};
constexpr milliseconds kRetryRead{10'000};

/// Acks normally go with the next batch. Without one, a crash would cost this long's duplicates.
constexpr milliseconds kAckPatience{5'000};

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
      read_timer_(io),
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
    if (!due || due == planned_) return;
    planned_ = due;
    batch_timer_.expires_after(*due - now().boot);
    batch_timer_.async_wait([this](error_code error) {
        if (!error) on_batch_due();
    });
}

void Recorder::on_batch_due() {
    planned_.reset();
    commit(batcher_.due(now()));
    plan_batch();
}

void Recorder::commit(std::vector<NewMessage> messages) {
    if (messages.empty()) return;
    hold(std::move(messages));
    if (degraded_.empty()) try_commit();
}

void Recorder::hold(std::vector<NewMessage> messages) {
    for (NewMessage& message : messages)
        if (!queue_.push(message)) drop(message);
}

/// A result has no gap record: its sender repeats the command until it gets one.
void Recorder::drop(const NewMessage& message) {
    if (!std::exchange(dropping_, true))
        log::error("storage: messages do not fit in memory while they cannot be written, and are dropped");
    if (message.kind != Kind::readings) return;
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
        if (queue_.empty()) outbox_.commit_acks();
        while (!queue_.empty()) {
            outbox_.append(queue_.chunk());
            queue_.done();
            host_.committed();
        }
    } catch (const StorageError& error) {
        note_failure(error.what());
        return false;
    }
    ack_timer_.cancel();
    ack_commit_planned_ = dropping_ = false;
    if (!degraded_.empty()) log::notice("storage: commits work again");
    degraded_.clear();
    host_.storage_changed(status());
    return true;
}

void Recorder::note_failure(const std::string& why) {
    if (degraded_.empty()) log::error("storage: " + why + "; readings are kept in memory meanwhile");
    degraded_ = why;
    host_.storage_changed(status());
    retry_timer_.expires_after(kRetryCommit);
    retry_timer_.async_wait([this](error_code error) {
        if (!error) try_commit();
    });
}

void Recorder::take(std::size_t max_messages, std::size_t max_bytes) {
    try {
        host_.taken(outbox_.take(max_messages, max_bytes));
        if (!unreadable_.empty()) log::notice("storage: what is owed can be read again");
        unreadable_.clear();
    } catch (const StorageError& error) {
        host_.taken({});
        note_unreadable(error.what());
    }
}

/// Says that something is owed again later, so that the uplink asks again.
void Recorder::note_unreadable(const std::string& why) {
    if (unreadable_.empty()) log::error("storage: what is owed cannot be read: " + why);
    unreadable_ = why;
    read_timer_.expires_after(kRetryRead);
    read_timer_.async_wait([this](error_code error) {
        if (!error) host_.committed();
    });
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
    return {outbox_.stats(), outbox_.epoch(), degraded_.empty() ? unreadable_ : degraded_,
            batcher_.open_readings() + queue_.readings()};
}

}  // namespace fieldlink
