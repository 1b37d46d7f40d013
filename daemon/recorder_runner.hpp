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
    static constexpr const char* kWorker = "storage";

    /// Opens the outbox. Throws StorageError.
    RecorderRunner(const Config& config, boost::asio::io_context& net, GatewayNews& news);

    /// The recorder ends after its thread.
    ~RecorderRunner() { worker_.join(); }

    void start();

    /// False, and nothing is taken, if 4 MiB of readings are under way already.
    bool add(const Readings& readings);
    void lost(std::vector<Loss> losses);
    void add_result(std::string json);
    void take(std::size_t max_messages, std::size_t max_bytes);
    void settle(std::vector<std::int64_t> seqs);
    void give_back();

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
    InboxBudget budget_;
    Worker worker_;
    Recorder recorder_;
};

}  // namespace fieldlink
