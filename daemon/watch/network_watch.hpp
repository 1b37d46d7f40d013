#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>

#include "daemon/postbox.hpp"
#include "daemon/watch/network_news.hpp"

namespace fieldlink {

/// Says when the machine's network has changed, as the kernel reports it (NetworkNews has what counts), so that who
/// waits for the service need not wait longer than that.
///
/// Where the kernel may not be asked, which is logged, nothing is ever said: whoever uses this gets along without it.
///
/// [net thread] Never blocks and never throws.
class NetworkWatch {
public:
    using Changed = std::function<void()>;

    /// The least time between two calls; what comes in it is told by one call at its end.
    static constexpr std::chrono::seconds kQuiet{1};

    /// Watches from now on. `changed` is called from the loop, never from inside this, and must not destroy this.
    NetworkWatch(boost::asio::io_context& io, Changed changed);

private:
    enum class Heard { silence, chatter, news, failure };

    bool open();
    void await_messages();
    void on_messages(const boost::system::error_code& error);
    Heard read();
    void tell();
    void on_quiet_over(const boost::system::error_code& error);

    Changed changed_;
    NetworkNews news_;
    boost::asio::posix::stream_descriptor socket_;
    boost::asio::steady_timer quiet_;
    bool is_quiet_ = false;  ///< the last call was less than kQuiet ago
    bool is_owed_ = false;   ///< news came meanwhile
    Postbox postbox_;
};

}  // namespace fieldlink
