#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace fieldlink {

/// How one gateway, with one link or several, waits between its attempts. Times count from the moment at which the
/// service goes away.
class FleetMember {
public:
    using milliseconds = std::chrono::milliseconds;

    virtual ~FleetMember() = default;

    /// The connection of `link`, which had been stable, ends at `now`; how long until the first attempt.
    virtual milliseconds on_disconnected(std::size_t link, milliseconds now) = 0;

    /// An attempt is due at `now`: by how much it is put off. If by nothing, it begins.
    virtual milliseconds on_due(std::size_t link, milliseconds now) = 0;

    /// The attempt was refused; how long until the next.
    virtual milliseconds on_refused(std::size_t link, milliseconds now) = 0;
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
    std::size_t links = 1;  ///< of each gateway: 2 with uplink.split
    std::uint32_t seed = 1;
};

/// One gateway with the product's Backoff for each link and its ConnectLimit for all, asked as the link asks them.
std::unique_ptr<FleetMember> product_member(const ReconnectConfig& config, const FleetCase& fleet,
                                            std::function<double()> random);

/// One client with the defaults of @metered-ca/realtime 1.2.0: 500 ms * 2^n up to 30 s, ±20 %; no event is treated
/// differently, and retryAfterMs is not looked at.
std::unique_ptr<FleetMember> sdk_member(const FleetCase& fleet, std::function<double()> random);

/// Successful connects in each second from the service's return on, until 99 % of the fleet's links are back.
struct FleetReturn {
    std::vector<unsigned> per_second;
    std::uint64_t refused = 0;  ///< attempts while the service was away
    unsigned peak() const;
    double mean() const;
    double ratio() const { return peak() / mean(); }

    /// Of all links, in the busiest second: a fleet that is back within one second has a ratio of 1.
    double share_at_peak() const;
};

using MakeMember = std::function<std::unique_ptr<FleetMember>(std::function<double()> random)>;

/// In virtual time. An attempt takes 100 ms, be it refused or not, and the service takes all that come.
FleetReturn simulate(const FleetCase& fleet, const MakeMember& make_member);

}  // namespace fieldlink
