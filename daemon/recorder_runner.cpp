#include "daemon/recorder_runner.hpp"

#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "daemon/log.hpp"
#include "daemon/message/clock.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kInboxBytes = 4 * 1024 * 1024;

DropPolicy policy_of(WhenFull when_full) {
    switch (when_full) {
        case WhenFull::drop_newest:
            return DropPolicy::newest;
        case WhenFull::thin_evenly:
            return DropPolicy::thin;
        case WhenFull::drop_oldest:
            break;
    }
    return DropPolicy::oldest;
}

DurabilityMode mode_of(Durability durability) {
    switch (durability) {
        case Durability::process:
            return DurabilityMode::process;
        case Durability::deferred:
            return DurabilityMode::deferred;
        case Durability::power:
            break;
    }
    return DurabilityMode::power;
}

/// Losses that nobody knows the channel of any more belong to no sensor.
std::string channel_of_gateway(const Config& config) {
    return Batcher(config.batch, config.gateway, config.uplink.channels.telemetry).channel_of("_gateway");
}

OutboxOptions options(const Config& config) {
    OutboxOptions options;
    options.path = config.outbox.path;
    options.max_bytes = config.outbox.max_size;
    options.gateway = config.gateway;
    options.boot_id = boot_id();
    options.started = now();
    options.live_first = config.outbox.order == SendOrder::live_first;
    options.when_full = policy_of(config.outbox.when_full);
    options.durability = mode_of(config.outbox.durability);
    options.keep_delivered = config.outbox.keep_delivered;
    options.default_channel = channel_of_gateway(config);
    return options;
}

}  // namespace

RecorderRunner::RecorderRunner(const Config& config, boost::asio::io_context& net, GatewayNews& news)
    : net_(net),
      news_(news),
      budget_(kInboxBytes),
      kept_time_(std::filesystem::path(config.outbox.path).replace_filename("server-time")),
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

void RecorderRunner::take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) {
    worker_.post([this, max_messages, max_bytes, urgency] { recorder_.take(max_messages, max_bytes, urgency); });
}

void RecorderRunner::settle(std::vector<std::int64_t> positions) {
    worker_.post([this, positions = std::move(positions)] { recorder_.settle(positions); });
}

void RecorderRunner::give_back(std::vector<std::int64_t> positions) {
    worker_.post([this, positions = std::move(positions)] { recorder_.give_back(positions); });
}

void RecorderRunner::connection_ended(std::vector<std::int64_t> given_back) {
    worker_.post([this, positions = std::move(given_back)] { recorder_.connection_ended(positions); });
}

void RecorderRunner::refuse(std::vector<RefusedMessage> messages) {
    worker_.post([this, messages = std::move(messages)] { recorder_.refuse(messages); });
}

void RecorderRunner::set_online(bool online) {
    worker_.post([this, online] { recorder_.set_online(online); });
}

void RecorderRunner::set_true_offset(std::chrono::milliseconds offset) {
    worker_.post([this, offset] { recorder_.set_true_offset(offset); });
}

void RecorderRunner::keep_time(std::chrono::seconds time) {
    worker_.post([this, time] { write_kept_time(time); });
}

void RecorderRunner::write_kept_time(std::chrono::seconds time) {
    const bool failed = !kept_time_.keep(time);
    if (failed && !kept_time_failed_)
        log::warning(std::string("the service's time cannot be kept beside the outbox: ") + std::strerror(errno) +
                     "; after a restart without a clock, certificates are judged by an older time");
    kept_time_failed_ = failed;
}

void RecorderRunner::add_event(std::string type, std::string detail_json) {
    worker_.post(
        [this, type = std::move(type), detail = std::move(detail_json)] { recorder_.add_event(type, detail); });
}

void RecorderRunner::outbox(const OutboxRequest& request, std::function<void(std::string)> answered) {
    worker_.post([this, request, answered = std::move(answered)] {
        boost::asio::post(net_, [answered, answer = recorder_.outbox_answer(request)] { answered(answer); });
    });
}

void RecorderRunner::replay(const Range& range, std::int64_t from, std::function<void(ReplayPiece)> done) {
    worker_.post([this, range, from, done = std::move(done)] {
        boost::asio::post(net_, [done, piece = replay_piece(range, from)] { done(piece); });
    });
}

ReplayPiece RecorderRunner::replay_piece(const Range& range, std::int64_t from) {
    try {
        return {recorder_.replay(range, from), {}};
    } catch (const StorageError& error) {
        return {{}, error.what()};
    }
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
