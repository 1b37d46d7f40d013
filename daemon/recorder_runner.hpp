#pragma once

#include <functional>

#include "daemon/clock/kept_time.hpp"
#include "daemon/commands/replay_desk.hpp"
#include "daemon/gateway_news.hpp"
#include "daemon/recorder.hpp"
#include "daemon/worker.hpp"

namespace fieldlink {

/// The storage thread: a Recorder on a worker of its own. Its calls may be made from any thread and never block; what
/// comes of them is posted to the net thread.
class RecorderRunner : private Recorder::Host {
public:
    static constexpr const char* kWorker = "storage";

    /// Opens the outbox.
    RecorderRunner(const Config& config, boost::asio::io_context& net, GatewayNews& news);

    /// The recorder ends after its thread.
    ~RecorderRunner() { worker_.join(); }

    /// Before start(): the true offset that an earlier run of the daemon in this boot knew.
    std::optional<std::chrono::milliseconds> earlier_true_offset() const { return recorder_.true_offset(); }

    /// Before start(): the latest time that a server is known to have told, in this run of the daemon or before.
    std::chrono::seconds kept_time() const { return kept_time_.value(); }

    void start();

    /// False, and nothing is taken, if 4 MiB of readings are under way already.
    bool add(const Readings& readings);
    void lost(std::vector<Loss> losses);
    void add_result(std::string json);
    void take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency = Urgency::any);
    void settle(std::vector<std::int64_t> positions);
    void set_online(bool online);
    void set_true_offset(std::chrono::milliseconds offset);

    /// Keeps a server's time over restarts, in a file beside the outbox.
    void keep_time(std::chrono::seconds time);

    void add_event(std::string type, std::string detail_json);
    void give_back(std::vector<std::int64_t> positions);
    void connection_ended(std::vector<std::int64_t> given_back);
    void refuse(std::vector<RefusedMessage> messages);

    /// Does a piece of work on the outbox after all that was asked for before, then posts `answered` with the answer to
    /// the net thread.
    void outbox(const OutboxRequest& request, std::function<void(std::string)> answered);

    /// Makes a piece of what was delivered owed again, and posts `done` to the net thread.
    void replay(const Range& range, std::int64_t from, std::function<void(ReplayPiece)> done);

    /// Posts the present status, and then `function`, to the net thread after all that was asked for before.
    void report(std::function<void()> function);

    /// Commits everything, then posts `done` to the net thread: whether all is on disk.
    void flush(std::function<void(bool)> done);

private:
    void committed() override;
    void taken(std::vector<StoredMessage> messages) override;
    void storage_changed(const StorageStatus& status) override;

    boost::asio::io_context& net_;
    GatewayNews& news_;
    void write_kept_time(std::chrono::seconds time);
    ReplayPiece replay_piece(const Range& range, std::int64_t from);

    InboxBudget budget_;
    KeptTime kept_time_;
    bool kept_time_failed_ = false;  ///< and it was said
    Worker worker_;
    Recorder recorder_;
};

}  // namespace fieldlink
