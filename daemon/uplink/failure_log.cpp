#include "daemon/uplink/failure_log.hpp"

#include <utility>

namespace fieldlink {

std::string describe(const Failure& failure) {
    std::string text(failure.reaction->what);
    if (!failure.detail.empty()) text.append(": ").append(failure.detail);
    if (!failure.reaction->advice.empty()) text.append("; ").append(failure.reaction->advice);
    return text;
}

bool FailureLog::worth_a_line(const Failure& failure, Instant now) {
    if (connected_ && now >= *connected_ + kStable) last_ = nullptr;
    connected_.reset();
    const auto quiet = failure.detail == detail_ ? kRepeat : kDetail;
    if (failure.reaction == last_ && now < said_ + quiet) return false;
    last_ = failure.reaction;
    detail_ = failure.detail;
    said_ = now;
    told_ = true;
    return true;
}

bool FailureLog::connected(Instant now) {
    connected_ = now;
    return std::exchange(told_, false);
}

}  // namespace fieldlink
