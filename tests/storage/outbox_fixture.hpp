#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "storage/outbox.hpp"
#include "tests/storage/give_all_back.hpp"
#include "tests/storage/noise.hpp"

namespace fieldlink {

/// A directory that goes away with the test, and the few values most tests share.
class OutboxTest : public testing::Test {
protected:
    OutboxTest() {
        std::string name = (fast_directory() / "fieldlink-outbox-XXXXXX").string();
        directory_ = ::mkdtemp(name.data());
        options_.path = (directory_ / "outbox.db").string();
        options_.max_bytes = 4 << 20;
        options_.gateway = "gw";
        options_.boot_id = "boot";
        options_.default_channel = "telemetry";
    }
    ~OutboxTest() override { std::filesystem::remove_all(directory_); }

    static NewMessage message(std::string body, std::uint32_t readings = 1, std::string channel = "telemetry") {
        NewMessage message;
        message.channel = std::move(channel);
        message.created = {std::chrono::milliseconds(5000), std::chrono::milliseconds(1700000005000)};
        message.readings = readings;
        message.sensors = {"boiler"};
        message.first = std::chrono::milliseconds(4000);
        message.last = std::chrono::milliseconds(4900);
        message.body = std::move(body);
        return message;
    }

    static NewMessage result(std::string body) {
        NewMessage result = message(std::move(body), 0, "results");
        result.kind = Kind::result;
        return result;
    }

    static std::vector<std::int64_t> seqs(const std::vector<StoredMessage>& messages) {
        std::vector<std::int64_t> numbers;
        for (const StoredMessage& message : messages)
            numbers.push_back(message.seq);
        return numbers;
    }

    static std::vector<std::int64_t> take_all(Outbox& outbox) { return seqs(outbox.take(1'000'000, 1 << 30)); }

    /// Options for the files as a crash at this moment would leave them to the next start.
    OutboxOptions crashed() {
        OutboxOptions options = options_;
        options.path = options_.path + ".crashed";
        for (const char* suffix : {"", "-wal"})
            std::filesystem::copy_file(options_.path + suffix, options.path + suffix,
                                       std::filesystem::copy_options::overwrite_existing);
        return options;
    }

    std::uint64_t bytes_on_disk() const {
        std::uint64_t bytes = 0;
        for (const auto& file : std::filesystem::directory_iterator(directory_))
            bytes += file.file_size();
        return bytes;
    }

    std::filesystem::path directory_;
    OutboxOptions options_;

private:
    /// In memory if the machine has that: thousands of commits, and what a power cut leaves is not looked at here.
    static std::filesystem::path fast_directory() {
        const std::filesystem::path memory = "/dev/shm";
        return std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    }
};

inline void expect_balanced(const OutboxStats& stats) {
    EXPECT_EQ(stats.read_readings,
              stats.acked_readings + stats.owed_readings + stats.dropped_readings + stats.quarantined_readings);
    std::uint64_t by_reason = 0;
    for (const auto& [reason, readings] : stats.dropped_by_reason)
        by_reason += readings;
    EXPECT_EQ(stats.dropped_readings, by_reason);
}

}  // namespace fieldlink
