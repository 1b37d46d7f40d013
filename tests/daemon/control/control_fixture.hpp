#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "daemon/control/control_server.hpp"
#include "daemon/json/reader.hpp"
#include "unix_client.hpp"

namespace fieldlink {

inline constexpr const char* kStatus = "{\"verb\":\"status\"}\n";
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

    void serve() { server_.emplace(io_, path_, *this); }
    std::unique_ptr<UnixClient> client() { return std::make_unique<UnixClient>(io_, path_); }

    boost::asio::io_context io_;
    std::filesystem::path folder_;
    std::string path_;
    std::string status_ = R"({"gateway":"sensor-42"})";
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
