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
#include "daemon/message/reading.hpp"
#include "daemon/outbox_tool/outbox_request.hpp"
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
    std::string degraded;                ///< why the outbox cannot be written or read; empty while it can
    std::uint64_t waiting_readings = 0;  ///< gathered, and in no message yet
    bool has_room_for_results = true;
};

/// The storage thread's work: gathers readings into messages, gives them to the outbox, and hands out what is owed.
/// [storage thread] only. Says it when the outbox's file fails and when it is well again, once each, in the log and
/// as events on the telemetry channel.
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

    /// Opens the outbox, or says why it cannot and goes on without its file.
    Recorder(boost::asio::io_context& io, const Config& config, const OutboxOptions& outbox, Host& host);

    void add(const Readings& readings);
    void add_result(std::string result_json);

    /// An event of the gateway; `detail_json` is an object.
    void add_event(const std::string& type, const std::string& detail_json);

    /// Readings that were dropped on their way here, by sensor: gap records name them.
    void lost(std::vector<Loss> losses);

    void take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency = Urgency::any);
    void settle(const std::vector<std::int64_t>& positions);
    void give_back(const std::vector<std::int64_t>& positions) { outbox_.give_back(positions); }
    void connection_ended(const std::vector<std::int64_t>& given_back) { outbox_.connection_ended(given_back); }

    /// The service refuses these messages for good; the gap records are written within 5 s.
    void refuse(const std::vector<RefusedMessage>& messages);
    void set_online(bool online) { outbox_.set_online(online); }

    /// Unix time minus boot clock, as it truly is.
    void set_true_offset(std::chrono::milliseconds offset) { outbox_.set_true_offset(offset); }

    std::optional<std::chrono::milliseconds> true_offset() const { return outbox_.true_offset(); }

    /// Commits all that was gathered, acks included. True if nothing is in memory only.
    bool flush();

    StorageStatus status() const;

    /// Makes a piece of what was delivered owed again. Throws StorageError.
    Progress replay(const Range& range, std::int64_t from);

    /// Does a piece of an operator's work on the outbox; the answer is a line for the control socket.
    std::string outbox_answer(const OutboxRequest& request);

private:
    void append(const std::vector<NewMessage>& messages);
    NewMessage event(const std::string& type, const std::string& detail_json) const;
    void plan_batch();
    void on_batch_due();
    void plan_ack_commit();
    void on_ack_commit_due();
    void tend();
    void plan_tend(std::chrono::milliseconds delay);
    void note_trouble();

    boost::asio::steady_timer batch_timer_, tend_timer_, ack_timer_;
    std::string results_channel_;
    Host& host_;
    Batcher batcher_;
    Outbox outbox_;
    std::optional<std::chrono::milliseconds> planned_;  ///< the batch that the timer waits for (boot clock)
    std::string trouble_;                               ///< what was said of it
    bool ack_commit_planned_ = false;
};

}  // namespace fieldlink
