#include "tests/daemon/uplink/fleet.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <random>
#include <utility>

#include "daemon/uplink/reactions.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAttemptTakes{100};
constexpr milliseconds kRetryAfter{5'000};
constexpr std::chrono::hours kOnlineBefore{1};

class ProductMember final : public FleetMember {
public:
    ProductMember(const ReconnectConfig& config, FleetEvent event, std::function<double()> random)
        : backoff_(config, std::move(random)), event_(event) {
        backoff_.connecting(kStart);
        backoff_.welcomed(kStart);
        backoff_.acked();
    }

    milliseconds on_disconnected(milliseconds now) override {
        if (event_ == FleetEvent::lost) return next(reaction_to_close(1006), milliseconds(0), now);
        if (event_ == FleetEvent::restart) return next(reaction_to_close(1012), milliseconds(0), now);
        return next(reaction_to_close(1001), kRetryAfter, now);
    }
    void on_attempt(milliseconds now) override { backoff_.connecting(at(now)); }
    milliseconds on_refused(milliseconds now) override {
        return next(reaction_to(Trouble::connection_lost), milliseconds(0), now);
    }

private:
    static constexpr Instant kStart = Instant() + kOnlineBefore;
    static Instant at(milliseconds now) { return kStart + kOnlineBefore + now; }

    milliseconds next(const Reaction& reaction, milliseconds floor, milliseconds now) {
        return backoff_.next(reaction.retry, std::max(reaction.floor, floor), at(now));
    }

    Backoff backoff_;
    FleetEvent event_;
};

class SdkMember final : public FleetMember {
public:
    explicit SdkMember(std::function<double()> random) : random_(std::move(random)) {}

    milliseconds on_disconnected(milliseconds) override { return next(); }
    void on_attempt(milliseconds) override {}
    milliseconds on_refused(milliseconds) override { return next(); }

private:
    milliseconds next() {
        constexpr double kInitial = 500, kMultiplier = 2, kMax = 30'000, kJitter = 0.2;
        const double base = std::min(kMax, kInitial * std::pow(kMultiplier, attempts_++));
        return milliseconds(static_cast<std::int64_t>(base + base * kJitter * (random_() * 2 - 1)));
    }

    std::function<double()> random_;
    unsigned attempts_ = 0;
};

/// When this one is back.
milliseconds back_at(FleetMember& member, milliseconds away, std::uint64_t& refused) {
    milliseconds now = member.on_disconnected(milliseconds(0));
    for (;;) {
        member.on_attempt(now);
        if (now >= away) return now + kAttemptTakes;
        ++refused;
        now += kAttemptTakes;
        now += member.on_refused(now);
    }
}

}  // namespace

std::unique_ptr<FleetMember> product_member(const ReconnectConfig& config, FleetEvent event,
                                            std::function<double()> random) {
    return std::make_unique<ProductMember>(config, event, std::move(random));
}

std::unique_ptr<FleetMember> sdk_member(std::function<double()> random) {
    return std::make_unique<SdkMember>(std::move(random));
}

unsigned FleetReturn::peak() const {
    return *std::max_element(per_second.begin(), per_second.end());
}

double FleetReturn::mean() const {
    return std::accumulate(per_second.begin(), per_second.end(), 0.0) / static_cast<double>(per_second.size());
}

FleetReturn simulate(const FleetCase& fleet, const MakeMember& make_member) {
    FleetReturn result;
    std::mt19937 generator(fleet.seed);
    // Not std::uniform_real_distribution: what it draws differs between standard libraries.
    const auto random = [&generator] { return static_cast<double>(generator()) / 4294967296.0; };
    std::vector<milliseconds> back;
    for (unsigned i = 0; i < fleet.gateways; ++i)
        back.push_back(back_at(*make_member(random), fleet.away, result.refused) - fleet.away);
    std::sort(back.begin(), back.end());
    back.resize(back.size() * 99 / 100);
    result.per_second.resize(static_cast<std::size_t>(back.back() / std::chrono::seconds(1)) + 1);
    for (const milliseconds when : back)
        ++result.per_second[static_cast<std::size_t>(when / std::chrono::seconds(1))];
    return result;
}

}  // namespace fieldlink
