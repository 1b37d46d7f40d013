#include "daemon/worker.hpp"

#include <pthread.h>

namespace fieldlink {

Worker::Worker(std::string name, OnFailure on_failure) : name_(std::move(name)), on_failure_(std::move(on_failure)) {}

Worker::~Worker() {
    join();
}

void Worker::join() {
    stop();
    if (thread_.joinable()) thread_.join();
}

void Worker::start() {
    thread_ = std::thread([this] { run(); });
}

void Worker::stop() {
    context_.stop();
}

bool Worker::has_ended() {
    return !thread_.joinable() || ended_;
}

void Worker::run() noexcept {
    pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
    try {
        context_.run();
    } catch (const std::exception& error) {
        on_failure_(name_, error);
    }
    ended_ = true;
}

}  // namespace fieldlink
