#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/uplink/transport.hpp"

namespace fieldlink::test {

struct RecordingListener final : Transport::Listener {
    void on_step(OpenStep step) override {
        steps.push_back(step);
        if (at_step) at_step(step);
    }
    void on_opened() override { ++opened; }
    void on_text(std::string_view text) override {
        texts.emplace_back(text);
        if (at_text) at_text();
    }
    void on_binary(std::size_t size) override { binaries.push_back(size); }
    void on_failed(const OpenFailure& why) override {
        failures.push_back(why);
        if (at_failure) at_failure();
    }
    void on_closed(int code, std::string_view reason) override { closes.emplace_back(code, reason); }

    bool opened_or_failed() const { return opened || !failures.empty(); }
    bool heard_anything() const {
        return !steps.empty() || opened || !texts.empty() || !binaries.empty() || !failures.empty() || !closes.empty();
    }

    std::function<void(OpenStep)> at_step;  ///< what the test does then
    std::function<void()> at_text, at_failure;
    std::vector<OpenStep> steps;
    unsigned opened = 0;
    std::vector<std::string> texts;
    std::vector<std::size_t> binaries;
    std::vector<OpenFailure> failures;
    std::vector<std::pair<int, std::string>> closes;
};

}  // namespace fieldlink::test
