#include "daemon/uplink/coalescer.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace fieldlink {
namespace {

/// About the least that rendering adds to a body: a message's members, and a reading's.
std::size_t rendered_bytes(const StoredMessage& message) {
    constexpr std::size_t kMembers = 42, kMembersOfReading = 24;
    const std::size_t around = kMembers + message.gateway.size() + message.epoch.size();
    return message.body.size() + around + message.readings * kMembersOfReading;
}

}  // namespace

void Coalescer::add(std::vector<StoredMessage> messages) {
    for (StoredMessage& message : messages) {
        body_bytes_ += message.body.size();
        if (fieldlink::is_urgent(message))
            messages_.insert(messages_.begin() + static_cast<std::ptrdiff_t>(urgent_++), std::move(message));
        else
            messages_.push_back(std::move(message));
    }
}

void Coalescer::clear() {
    messages_.clear();
    body_bytes_ = urgent_ = 0;
}

void Coalescer::drop(const std::unordered_set<std::int64_t>& positions) {
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < messages_.size(); ++place)
        if (positions.count(messages_[place].position) != 0) places.push_back(place);
    remove(places);
}

/// A message leaves.
void Coalescer::forget(const StoredMessage& message) {
    body_bytes_ -= message.body.size();
    if (fieldlink::is_urgent(message)) --urgent_;
}

std::vector<std::int64_t> Coalescer::positions() const {
    std::vector<std::int64_t> all;
    for (const StoredMessage& message : messages_)
        all.push_back(message.position);
    return all;
}

Coalescer::Plan Coalescer::plan(std::size_t max_bytes, const Judge& judge) const {
    const StoredMessage& first = front();
    Plan plan{{0}, rendered_bytes(first)};
    const std::size_t end = std::min(messages_.size(), kLookAhead);
    bool urgent_only = false;
    for (std::size_t place = 1; place < end && plan.bytes < max_bytes; ++place) {
        const StoredMessage& message = messages_[place];
        if (message.channel != first.channel) {
            urgent_only = urgent_only || fieldlink::is_urgent(message);
            continue;
        }
        const Join join = urgent_only && !fieldlink::is_urgent(message) ? Join::stop : judge(message);
        if (join == Join::pass_over) continue;
        if (join == Join::stop || plan.bytes + rendered_bytes(message) > max_bytes) break;
        plan.places.push_back(place);
        plan.bytes += rendered_bytes(message);
    }
    return plan;
}

void Coalescer::drop_front() {
    forget(messages_.front());
    messages_.pop_front();
}

void Coalescer::remove(const std::vector<std::size_t>& places) {
    assert(std::is_sorted(places.begin(), places.end()));
    if (places.empty()) return;
    // What stays moves up against what follows the last place, and the front is cut off: all that lies behind it, which
    // may be far more, is not touched.
    auto removed = places.rbegin();
    std::size_t free = places.back() + 1;
    for (std::size_t place = free; place-- > 0;) {
        if (removed != places.rend() && *removed == place) {
            forget(messages_[place]);
            ++removed;
        } else if (--free != place) {
            messages_[free] = std::move(messages_[place]);
        }
    }
    messages_.erase(messages_.begin(), messages_.begin() + static_cast<std::ptrdiff_t>(places.size()));
}

}  // namespace fieldlink
