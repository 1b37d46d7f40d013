#pragma once

#include <functional>

#include "daemon/gateway_news.hpp"
#include "daemon/recorder.hpp"
#include "daemon/worker.hpp"

namespace fieldlink {

/// The storage thread: a Recorder on a worker of its own. Its calls may be made from any thread and never block; what
/// comes of them is posted to the net thread.
class RecorderRunner : private Recorder::Host {
public:
    /// Opens the outbox. Throws StorageError.
    RecorderRunner(const Config& config, boost::asio::io_context& net, GatewayNews& news);

    /// The recorder ends after its thread.
    ~RecorderRunner() { worker_.join(); }

    void start();

    /// Takes readings for as long as fewer than 4 MiB are under way; what goes over is reported by on_lost().
    void add(const Readings& readings);
    void lost(std::vector<Loss> losses);
    void add_result(std::string json);
    void take(std::size_t max_messages, std::size_t max_bytes);
    void settle(std::vector<std::int64_t> seqs);
    void give_back();

    /// Posts `function` to the net thread after all that was asked for before.
    void after_all(std::function<void()> function);

    /// Commits everything, then posts `done` to the net thread.
    void flush(std::function<void()> done);

private:
    void committed() override;
    void taken(std::vector<StoredMessage> messages) override;
    void storage_changed(const StorageStatus& status) override;

    boost::asio::io_context& net_;
    GatewayNews& news_;
    InboxBudget budget_;
    Worker worker_;
    Recorder recorder_;
};

}  // namespace fieldlink
