#include "daemon/uplink/timekeeper.hpp"

#include <algorithm>

namespace fieldlink {

std::chrono::milliseconds SystemTimekeeper::unix_time() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
}

void SystemTimekeeper::wake_at(Instant when) {
    if (armed_ == when) return;
    armed_ = when;
    timer_.expires_at(when);
    timer_.async_wait(postbox_.guard([this](const boost::system::error_code& ec) { on_timer(ec); }));
}

void SystemTimekeeper::on_timer(const boost::system::error_code& ec) {
    if (ec) return;  // another moment took its place
    armed_.reset();
    wake_();
}

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
    if (!a) return b;
    if (!b) return a;
    return std::min(*a, *b);
}

}  // namespace fieldlink
