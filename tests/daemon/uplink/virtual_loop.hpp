#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "daemon/uplink/timekeeper.hpp"

namespace fieldlink::test {

/// A loop whose time passes only when nothing is left to do, and then at once.
class VirtualLoop {
public:
    using Function = std::function<void()>;

    /// What one part of the uplink has of its time.
    class Clock final : public Timekeeper {
    public:
        explicit Clock(VirtualLoop& loop) : loop_(loop) { loop.clocks_.push_back(this); }

        Instant now() const override { return loop_.now(); }
        std::chrono::milliseconds unix_time() const override { return loop_.unix_time(); }
        void on_wake(Function wake) override { wake_ = std::move(wake); }
        void wake_at(Instant when) override { wake_at_ = when; }

    private:
        friend VirtualLoop;
        VirtualLoop& loop_;
        std::optional<Instant> wake_at_;
        Function wake_;
    };

    Instant now() const { return now_; }
    std::chrono::milliseconds unix_time() const {
        return std::chrono::milliseconds(1'764'000'000'000) +
               std::chrono::duration_cast<std::chrono::milliseconds>(now_ - Instant());
    }

    void post(Function function) { posted_.push_back(std::move(function)); }

    /// Runs everything that is due until `end`, or until `finished` says so.
    void run_until(Instant end, const std::function<bool()>& finished) {
        while (!finished() && step(end)) {}
    }

    /// Lets so much time pass.
    void pass(std::chrono::milliseconds time) {
        const Instant end = now_ + time;
        while (step(end)) {}
        now_ = end;
    }

private:
    bool step(Instant end) {
        if (!posted_.empty()) {
            const Function function = std::move(posted_.front());
            posted_.pop_front();
            function();
            return true;
        }
        Clock* next = nullptr;
        for (Clock* const clock : clocks_)
            if (clock->wake_at_ && (!next || *clock->wake_at_ < *next->wake_at_)) next = clock;
        if (!next || *next->wake_at_ > end) return false;
        now_ = std::max(now_, *next->wake_at_);
        next->wake_at_.reset();
        next->wake_();
        return true;
    }

    Instant now_ = Instant() + std::chrono::hours(1);
    std::vector<Clock*> clocks_;
    std::deque<Function> posted_;
};

}  // namespace fieldlink::test
