#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <string>
#include <thread>
#include <vector>

#include "control_fixture.hpp"
#include "program.hpp"

namespace fieldlink {

inline constexpr const char* kProgram = FIELDLINKCTL;

/// The real binary against a server on a thread of its own.
class Fieldlinkctl : public ControlTest {
protected:
    ~Fieldlinkctl() override { stop(); }

    void start() {
        serve();
        run_loop();
    }

    void run_loop() {
        thread_ = std::thread([this] { io_.run(); });
    }

    /// As a daemon that ends.
    void stop() {
        if (!thread_.joinable()) return;
        boost::asio::post(io_, [this] { server_.reset(); });
        running_.reset();
        thread_.join();
    }

    /// Publishes once somebody follows.
    void publish(const std::string& reading) {
        boost::asio::post(io_, [this, reading] { publish_to_follower(reading); });
    }

    Program::Ended ctl(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {kProgram, "--socket", path_});
        return run(arguments);
    }

private:
    void publish_to_follower(const std::string& reading) {
        if (!server_->has_followers()) return publish(reading);
        server_->publish_reading(reading);
    }

    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> running_{io_.get_executor()};
    std::thread thread_;
};

}  // namespace fieldlink
