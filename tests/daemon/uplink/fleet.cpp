#include "tests/daemon/uplink/fleet.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <random>
#include <utility>

#include "daemon/uplink/backoff.hpp"
#include "daemon/uplink/connect_limit.hpp"
#include "daemon/uplink/reactions.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAttemptTakes{100};
constexpr milliseconds kRetryAfter{5'000};
constexpr std::chrono::hours kOnlineBefore{1};

class ProductMember final : public FleetMember {
public:
    ProductMember(const ReconnectConfig& config, const FleetCase& fleet, const std::function<double()>& random)
        : backoffs_(fleet.links, Backoff(config, random)), connects_(config, random), event_(fleet.event) {
        for (Backoff& backoff : backoffs_) {
            connects_.connecting(kStart);
            backoff.connecting();
            backoff.welcomed(kStart);
            backoff.acked();
        }
    }

    milliseconds on_disconnected(std::size_t link, milliseconds now) override {
        if (event_ == FleetEvent::lost) return next(link, reaction_to_close(1006), milliseconds(0), now);
        if (event_ == FleetEvent::restart) return next(link, reaction_to_close(1012), milliseconds(0), now);
        return next(link, reaction_to_close(1001), kRetryAfter, now);
    }

    milliseconds on_due(std::size_t link, milliseconds now) override {
        const milliseconds put_off = connects_.put_off_for(at(now));
        if (put_off > milliseconds(0)) return put_off;
        connects_.connecting(at(now));
        backoffs_[link].connecting();
        return milliseconds(0);
    }

    milliseconds on_refused(std::size_t link, milliseconds now) override {
        return next(link, reaction_to(Trouble::connection_lost), milliseconds(0), now);
    }

private:
    static constexpr Instant kStart = Instant() + kOnlineBefore;
    static Instant at(milliseconds now) { return kStart + kOnlineBefore + now; }

    milliseconds next(std::size_t link, const Reaction& reaction, milliseconds floor, milliseconds now) {
        const milliseconds delay = backoffs_[link].next(reaction.retry, std::max(reaction.floor, floor), at(now));
        return std::max(delay, connects_.put_off_for(at(now)));
    }

    std::vector<Backoff> backoffs_;
    ConnectLimit connects_;
    FleetEvent event_;
};

class SdkMember final : public FleetMember {
public:
    SdkMember(const FleetCase& fleet, std::function<double()> random)
        : random_(std::move(random)), attempts_(fleet.links) {}

    milliseconds on_disconnected(std::size_t link, milliseconds) override { return next(link); }
    milliseconds on_due(std::size_t, milliseconds) override { return milliseconds(0); }
    milliseconds on_refused(std::size_t link, milliseconds) override { return next(link); }

private:
    milliseconds next(std::size_t link) {
        constexpr double kInitial = 500, kMultiplier = 2, kMax = 30'000, kJitter = 0.2;
        const double base = std::min(kMax, kInitial * std::pow(kMultiplier, attempts_[link]++));
        return milliseconds(static_cast<std::int64_t>(base + base * kJitter * (random_() * 2 - 1)));
    }

    std::function<double()> random_;
    std::vector<unsigned> attempts_;
};

/// Appends when its links are back.
void bring_back(FleetMember& member, const FleetCase& fleet, std::vector<milliseconds>& back, std::uint64_t& refused) {
    std::vector<milliseconds> due;
    for (std::size_t link = 0; link < fleet.links; ++link)
        due.push_back(member.on_disconnected(link, milliseconds(0)));
    for (std::size_t left = fleet.links; left > 0;) {
        const auto first = std::min_element(due.begin(), due.end());
        const auto link = static_cast<std::size_t>(first - due.begin());
        const milliseconds now = *first;
        if (const auto put_off = member.on_due(link, now); put_off > milliseconds(0)) {
            *first += put_off;
        } else if (now >= fleet.away) {
            back.push_back(now + kAttemptTakes - fleet.away);
            *first = milliseconds::max();
            --left;
        } else {
            ++refused;
            *first = now + kAttemptTakes + member.on_refused(link, now + kAttemptTakes);
        }
    }
}

}  // namespace

std::unique_ptr<FleetMember> product_member(const ReconnectConfig& config, const FleetCase& fleet,
                                            std::function<double()> random) {
    return std::make_unique<ProductMember>(config, fleet, random);
}

std::unique_ptr<FleetMember> sdk_member(const FleetCase& fleet, std::function<double()> random) {
    return std::make_unique<SdkMember>(fleet, std::move(random));
}

unsigned FleetReturn::peak() const {
    return *std::max_element(per_second.begin(), per_second.end());
}

double FleetReturn::mean() const {
    return std::accumulate(per_second.begin(), per_second.end(), 0.0) / static_cast<double>(per_second.size());
}

double FleetReturn::share_at_peak() const {
    return peak() / (mean() * static_cast<double>(per_second.size()));
}

FleetReturn simulate(const FleetCase& fleet, const MakeMember& make_member) {
    FleetReturn result;
    std::mt19937 generator(fleet.seed);
    // Not std::uniform_real_distribution: what it draws differs between standard libraries.
    const auto random = [&generator] { return static_cast<double>(generator()) / 4294967296.0; };
    std::vector<milliseconds> back;
    for (unsigned i = 0; i < fleet.gateways; ++i)
        bring_back(*make_member(random), fleet, back, result.refused);
    std::sort(back.begin(), back.end());
    back.resize(back.size() * 99 / 100);
    result.per_second.resize(static_cast<std::size_t>(back.back() / std::chrono::seconds(1)) + 1);
    for (const milliseconds when : back)
        ++result.per_second[static_cast<std::size_t>(when / std::chrono::seconds(1))];
    return result;
}

}  // namespace fieldlink
