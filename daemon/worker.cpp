#include "daemon/worker.hpp"

#include <pthread.h>

namespace fieldlink {

Worker::Worker(std::string name, OnFailure on_failure) : name_(std::move(name)), on_failure_(std::move(on_failure)) {}

Worker::~Worker() {
    stop();
    if (thread_.joinable()) thread_.join();
}

void Worker::start() {
    thread_ = std::thread([this] { run(); });
}

void Worker::stop() {
    context_.stop();
}

bool Worker::join_until(std::chrono::steady_clock::time_point deadline) {
    if (!thread_.joinable()) return true;
    if (has_ended_.wait_until(deadline) != std::future_status::ready) return false;
    thread_.join();
    return true;
}

void Worker::run() noexcept {
    pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
    try {
        context_.run();
    } catch (const std::exception& error) {
        on_failure_(name_, error);
    }
    ended_.set_value();
}

}  // namespace fieldlink
