#include "daemon/recorder_runner.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "daemon/message/clock.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kInboxBytes = 4 * 1024 * 1024;

OutboxOptions options(const Config& config) {
    return {config.outbox.path,
            config.outbox.max_size,
            config.gateway,
            boot_id(),
            now(),
            config.outbox.order == SendOrder::live_first};
}

}  // namespace

RecorderRunner::RecorderRunner(const Config& config, boost::asio::io_context& net, GatewayNews& news)
    : net_(net),
      news_(news),
      budget_(kInboxBytes),
      worker_(kWorker,
              [this](const std::string& worker, const std::exception& error) {
                  boost::asio::post(
                      net_, [this, worker, why = std::string(error.what())] { news_.on_worker_failed(worker, why); });
              }),
      recorder_(worker_.context(), config, options(config), *this) {}

void RecorderRunner::start() {
    storage_changed(recorder_.status());
    worker_.start();
}

bool RecorderRunner::add(const Readings& readings) {
    const std::size_t bytes = memory_of(readings);
    if (!budget_.take(bytes)) return false;
    worker_.post([this, readings, bytes] {
        recorder_.add(readings);
        budget_.give_back(bytes);
    });
    return true;
}

void RecorderRunner::lost(std::vector<Loss> losses) {
    worker_.post([this, losses = std::move(losses)]() mutable { recorder_.lost(std::move(losses)); });
}

void RecorderRunner::add_result(std::string json) {
    worker_.post([this, json = std::move(json)]() mutable { recorder_.add_result(std::move(json)); });
}

void RecorderRunner::take(std::size_t max_messages, std::size_t max_bytes) {
    worker_.post([this, max_messages, max_bytes] { recorder_.take(max_messages, max_bytes); });
}

void RecorderRunner::settle(std::vector<std::int64_t> seqs) {
    worker_.post([this, seqs = std::move(seqs)] { recorder_.settle(seqs); });
}

void RecorderRunner::give_back() {
    worker_.post([this] { recorder_.give_back(); });
}

void RecorderRunner::report(std::function<void()> function) {
    worker_.post([this, function = std::move(function)] {
        storage_changed(recorder_.status());
        boost::asio::post(net_, function);
    });
}

void RecorderRunner::flush(std::function<void(bool)> done) {
    worker_.post(
        [this, done = std::move(done)] { boost::asio::post(net_, [done, safe = recorder_.flush()] { done(safe); }); });
}

void RecorderRunner::committed() {
    boost::asio::post(net_, [this] { news_.on_committed(); });
}

void RecorderRunner::taken(std::vector<StoredMessage> messages) {
    boost::asio::post(net_, [this, messages = std::move(messages)]() mutable { news_.on_taken(std::move(messages)); });
}

void RecorderRunner::storage_changed(const StorageStatus& status) {
    boost::asio::post(net_, [this, status] { news_.on_storage_changed(status); });
}

}  // namespace fieldlink
