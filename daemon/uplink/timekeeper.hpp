#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>

#include "daemon/postbox.hpp"

namespace fieldlink {

using Instant = std::chrono::steady_clock::time_point;

/// The uplink's only source of time: everything in it that waits asks to be woken, and tests move the time by hand.
/// [net thread]
class Timekeeper {
public:
    virtual ~Timekeeper() = default;

    virtual Instant now() const = 0;
    virtual std::chrono::milliseconds unix_time() const = 0;

    /// The function to call when it is time.
    virtual void on_wake(std::function<void()> wake) = 0;

    /// Calls it once at `when`, from the loop. Takes the place of what was asked for before.
    virtual void wake_at(Instant when) = 0;
};

/// Time by the machine's clocks and Asio's timer.
class SystemTimekeeper final : public Timekeeper {
public:
    explicit SystemTimekeeper(boost::asio::io_context& io) : timer_(io), postbox_(io) {}

    Instant now() const override { return std::chrono::steady_clock::now(); }
    std::chrono::milliseconds unix_time() const override;
    void on_wake(std::function<void()> wake) override { wake_ = std::move(wake); }
    void wake_at(Instant when) override;

private:
    void on_timer(const boost::system::error_code& ec);

    boost::asio::steady_timer timer_;
    std::optional<Instant> armed_;
    std::function<void()> wake_;
    Postbox postbox_;
};

/// The earlier of two moments, of which either may be absent.
std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b);

}  // namespace fieldlink
