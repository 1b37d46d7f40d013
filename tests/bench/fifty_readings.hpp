#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

#include "storage/message.hpp"
#include "storage/records.hpp"

namespace fieldlink {

/// Messages as the daemon batches them: one reading a second of each of 50 sensors, whose values wander. The same ones
/// in every run.
class FiftyReadings {
public:
    static constexpr std::uint32_t kReadings = 50;

    /// About `bytes` of them, in one batch.
    NewMessage batch_of(std::size_t bytes) {
        NewMessage batch = next();
        while (batch.body.size() < bytes)
            batch.body += next().body.substr(sizeof(std::int64_t));
        return batch;
    }

    NewMessage next() {
        NewMessage message;
        message.channel = "fleet/gw/telemetry";
        message.sensors = {"boiler", "meter"};
        second_ += std::chrono::seconds(1);
        message.created = {second_, std::chrono::milliseconds(1'764'000'000'000) + second_};
        message.first = message.last = second_;
        message.readings = kReadings;
        begin_body(message.body, second_);
        for (std::size_t i = 0; i < tenths_.size(); ++i) {
            tenths_[i] += static_cast<int>(random_() % 21) - 10;
            append_record(message.body, std::chrono::milliseconds(i * 20 + random_() % 5),
                          "boiler-" + std::to_string(10 + i), values(tenths_[i]));
        }
        return message;
    }

private:
    std::string values(int tenths) {
        char text[96];
        std::snprintf(text, sizeof text, R"("values":{"temperature":%.1f,"pressure":%.2f})", tenths / 10.0,
                      static_cast<double>(random_() % 1000) / 100);
        return text;
    }

    std::mt19937 random_{7};
    std::array<int, kReadings> tenths_{};
    std::chrono::milliseconds second_{1'000'000};
};

}  // namespace fieldlink
