#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/control/control_server.hpp"
#include "daemon/json/reader.hpp"
#include "unix_client.hpp"

namespace fieldlink {

inline constexpr const char* kStatus = "{\"verb\":\"status\"}\n";
inline constexpr const char* kOutboxAnswer = R"({"ok":true,"entries":[],"next":7,"end":true})";
inline constexpr const char* kTail = "{\"verb\":\"tail\"}\n";

/// The text of a refusal.
inline std::string error_in(const std::optional<std::string>& line) {
    if (!line) return "no answer";
    const JsonDocument answer(*line);
    if (answer.root()["ok"].boolean().value_or(true)) return "this is no refusal: " + *line;
    return std::string(answer.root()["error"].string().value_or(""));
}

/// A folder of its own and a daemon whose status is what the test says.
class ControlTest : public testing::Test, public ControlServer::Host {
protected:
    ControlTest();
    ~ControlTest() override;

    std::string status_json() override { return status_; }
    std::string metrics() override { return metrics_; }
    void outbox(const OutboxRequest& request, std::function<void(std::string)> answered) override {
        outbox_requests_.push_back(request);
        outbox_answers_.push_back(std::move(answered));
        if (answers_at_once_) answer_outbox();
    }

    void command(std::string_view json, const std::string& from, std::function<void(std::string)> answered) override {
        commands_.emplace_back(json);
        command_from_ = from;
        command_answer_ = std::move(answered);
        if (answers_at_once_) command_answer_(command_result_);
    }

    /// Answers the oldest request that has no answer yet.
    void answer_outbox() {
        outbox_answers_.front()(outbox_answer(outbox_requests_[outbox_requests_.size() - outbox_answers_.size()]));
        outbox_answers_.pop_front();
    }
    virtual std::string outbox_answer(const OutboxRequest&) { return kOutboxAnswer; }

    void serve(const OperatorRights& rights = OperatorRights::of_this_process()) {
        server_.emplace(io_, path_, *this, rights);
    }
    std::unique_ptr<UnixClient> client() { return std::make_unique<UnixClient>(io_, path_); }

    boost::asio::io_context io_;
    std::filesystem::path folder_;
    std::string path_;
    std::string status_ = R"({"gateway":"sensor-42"})";
    std::string metrics_ = "# EOF\n";
    bool answers_at_once_ = false;
    std::vector<OutboxRequest> outbox_requests_;
    std::vector<std::string> commands_;
    std::string command_from_;
    std::string command_result_ = R"({"type":"read","status":"done","value":60})";
    std::function<void(std::string)> command_answer_;
    std::deque<std::function<void(std::string)>> outbox_answers_;  ///< that are due
    std::optional<ControlServer> server_;
};

inline ControlTest::ControlTest() {
    std::string name = (std::filesystem::temp_directory_path() / "fieldlink-control-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ / "control.sock";
}

inline ControlTest::~ControlTest() {
    server_.reset();
    std::filesystem::remove_all(folder_);
}

}  // namespace fieldlink
