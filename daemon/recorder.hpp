#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "daemon/commit_queue.hpp"
#include "daemon/message/reading.hpp"
#include "daemon/polling/batcher.hpp"
#include "storage/outbox.hpp"

namespace fieldlink {

/// The bound of what may be under way to the storage thread. Any thread.
class InboxBudget {
public:
    explicit InboxBudget(std::size_t bytes) : free_(static_cast<std::int64_t>(bytes)) {}

    /// False if that would go over the bound; nothing is taken then.
    bool take(std::size_t bytes);
    void give_back(std::size_t bytes) { free_ += static_cast<std::int64_t>(bytes); }

private:
    std::atomic<std::int64_t> free_;
};

/// What `status` shows of storage.
struct StorageStatus {
    OutboxStats outbox;
    std::string epoch;
    std::string degraded;                ///< why commits or reading fail; empty while they do not
    std::uint64_t waiting_readings = 0;  ///< in memory, not committed yet
};

/// The storage thread's work: gathers readings into messages, commits them, and hands out what is owed.
///
/// [storage thread] only. When a commit fails, messages wait in memory (bounded; beyond that the newest readings are
/// dropped and named in a gap record) and the commit is tried again.
class Recorder {
public:
    /// Calls come on the storage thread.
    class Host {
    public:
        virtual ~Host() = default;
        virtual void committed() = 0;  ///< something new is owed
        virtual void taken(std::vector<StoredMessage> messages) = 0;
        virtual void storage_changed(const StorageStatus& status) = 0;
    };

    /// Opens the outbox. Throws StorageError.
    Recorder(boost::asio::io_context& io, const Config& config, const OutboxOptions& outbox, Host& host);

    void add(const Readings& readings);
    void add_result(std::string result_json);

    /// Readings that were dropped on their way here, by sensor: gap records name them.
    void lost(std::vector<Loss> losses);

    void take(std::size_t max_messages, std::size_t max_bytes);
    void settle(const std::vector<std::int64_t>& seqs);
    void give_back();

    /// Commits all that was gathered, acks included. True if all is safe on disk.
    bool flush();

    StorageStatus status() const;

private:
    void commit(std::vector<NewMessage> messages);
    bool try_commit();
    void hold(std::vector<NewMessage> messages);
    void drop(const NewMessage& message);
    void note_failure(const std::string& why);
    void note_unreadable(const std::string& why);
    void plan_batch();
    void on_batch_due();
    void plan_ack_commit();

    boost::asio::steady_timer batch_timer_, retry_timer_, read_timer_, ack_timer_;
    std::string results_channel_;
    Host& host_;
    Batcher batcher_;
    Outbox outbox_;
    CommitQueue queue_;
    std::optional<std::chrono::milliseconds> planned_;  ///< the batch that the timer waits for (boot clock)
    std::string degraded_;                              ///< why commits fail
    std::string unreadable_;                            ///< why reading fails
    bool dropping_ = false;
    bool ack_commit_planned_ = false;
};

}  // namespace fieldlink
