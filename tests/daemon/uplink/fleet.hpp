#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace fieldlink {

/// How one gateway waits between its attempts. Times count from the moment at which the service goes away.
class FleetMember {
public:
    using milliseconds = std::chrono::milliseconds;

    virtual ~FleetMember() = default;

    /// The connection, which had been stable, ends at `now`; how long until the first attempt.
    virtual milliseconds on_disconnected(milliseconds now) = 0;

    /// An attempt begins at `now`.
    virtual void on_attempt(milliseconds now) = 0;

    /// The attempt was refused; how long until the next.
    virtual milliseconds on_refused(milliseconds now) = 0;
};

/// Why all connections end at once.
enum class FleetEvent {
    lost,       ///< 1006: nobody said why
    restart,    ///< close code 1012
    going_away  ///< `going_away` with a retryAfterMs of 5 s, then close code 1001
};

struct FleetCase {
    std::string name;
    FleetEvent event = FleetEvent::lost;
    std::chrono::milliseconds away{60'000};  ///< connects are refused for so long
    unsigned gateways = 10'000;
    std::uint32_t seed = 1;
};

/// One gateway with the product's Backoff, asked as the link asks it.
std::unique_ptr<FleetMember> product_member(const ReconnectConfig& config, FleetEvent event,
                                            std::function<double()> random);

/// One client with the defaults of @metered-ca/realtime 1.2.0: 500 ms * 2^n up to 30 s, ±20 %; no event is treated
/// differently, and retryAfterMs is not looked at.
std::unique_ptr<FleetMember> sdk_member(std::function<double()> random);

/// Successful connects in each second from the service's return on, until 99 % of the fleet are back.
struct FleetReturn {
    std::vector<unsigned> per_second;
    std::uint64_t refused = 0;  ///< attempts while the service was away
    unsigned peak() const;
    double mean() const;
    double ratio() const { return peak() / mean(); }
};

using MakeMember = std::function<std::unique_ptr<FleetMember>(std::function<double()> random)>;

/// In virtual time. An attempt takes 100 ms, be it refused or not, and the service takes all that come.
FleetReturn simulate(const FleetCase& fleet, const MakeMember& make_member);

}  // namespace fieldlink
