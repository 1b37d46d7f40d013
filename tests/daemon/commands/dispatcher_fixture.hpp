#pragma once

#include <gtest/gtest.h>

#include "daemon/commands/dispatcher.hpp"
#include "daemon/message/clock.hpp"

namespace fieldlink::test {

using std::chrono::milliseconds;

/// A dispatcher for one boiler, whose bus answers each command at once.
class DispatcherTest : public testing::Test, protected Dispatcher::Host {
protected:
    DispatcherTest() {
        BusConfig bus;
        SensorConfig boiler;
        boiler.name = "boiler";
        for (const char* name : {"temperature", "setpoint", "pump"}) {
            boiler.points.emplace_back();
            boiler.points.back().name = name;
        }
        boiler.points[1].scale = Decimal{1, -1};
        boiler.points[1].writable = boiler.points[2].writable = true;
        boiler.points[1].min = 5;
        boiler.points[1].max = 90;
        bus.sensors.push_back(boiler);
        config_.buses.push_back(bus);
    }

    /// What comes of a command when the bus answers each one at once.
    std::string result_of(const std::string& command, const std::string& from = "backend") {
        results_.clear();
        dispatcher().handle(command, from);
        return results_.empty() ? "none" : results_.back();
    }

    /// What a person on this machine is told.
    std::string local(const std::string& command) {
        std::string told = "nothing";
        dispatcher().handle_local(command, {"local:root", [&told](std::string result) { told = std::move(result); }});
        return told;
    }

    Dispatcher& dispatcher() {
        if (!dispatcher_) dispatcher_.emplace(io_, config_, static_cast<Dispatcher::Host&>(*this));
        return *dispatcher_;
    }

    void run_on_bus(std::size_t, BusCommand command, BusAnswered answered) override {
        commands_.push_back(command);
        answered_ = answered;
        if (silent_) return;
        answered(answer_);
    }
    void result(std::string json) override { results_.push_back(std::move(json)); }
    void replay_piece(const Range& range, std::int64_t from, std::function<void(ReplayPiece)> done) override {
        asked_for_.push_back(range);
        asked_from_.push_back(from);
        if (pieces_.empty()) {
            piece_done_ = std::move(done);
            return;
        }
        const ReplayPiece piece = pieces_.front();
        pieces_.erase(pieces_.begin());
        done(piece);
    }
    void receipt(const Receipt& receipt) override { receipts_.push_back(receipt); }
    std::optional<milliseconds> true_offset() override { return offset_; }

    /// The true time is this, now.
    void set_time(milliseconds unix_time) { offset_ = unix_time - now().boot; }

    boost::asio::io_context io_;
    Config config_;
    std::optional<Dispatcher> dispatcher_;
    BusAnswer answer_{BusAnswer::Status::done, R"({"setpoint":60})", "60", {}};
    BusAnswered answered_;
    bool silent_ = false;
    std::optional<milliseconds> offset_ = milliseconds(0);  ///< Unix time minus boot clock
    std::vector<BusCommand> commands_;
    std::vector<std::string> results_;
    std::vector<Receipt> receipts_;
    std::vector<ReplayPiece> pieces_;  ///< the outbox's answers; without any it takes its time
    std::function<void(ReplayPiece)> piece_done_;
    std::vector<Range> asked_for_;
    std::vector<std::int64_t> asked_from_;
};

}  // namespace fieldlink::test
