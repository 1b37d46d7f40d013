#include "daemon/uplink/holds.hpp"

#include <algorithm>

namespace fieldlink {

Holds::Held Holds::refused(std::int64_t position, const std::string& channel, const Refusal& why, Instant now) {
    switch (why.scope) {
        case Scope::message: {
            const Held held = extend(messages_[position], why, now);
            return {held.delay, held.news && messages_.size() == 1};
        }
        case Scope::channel:
            return extend(channels_[channel], why, now);
        case Scope::everything:
            break;
    }
    return extend(everything_, why, now);
}

Holds::Held Holds::refused_together(const std::string& channel, const Refusal& why, Instant now) {
    constexpr std::int64_t kNoMessage = 0;
    if (why.scope != Scope::message) return refused(kNoMessage, channel, why, now);
    if (shared_.waits) return {shared_.delay, false};
    const bool news = shared_.delay == milliseconds(0);
    shared_ = {why.first, now + why.first, true};
    return {shared_.delay, news};
}

Holds::Held Holds::extend(Hold& hold, const Refusal& why, Instant now) {
    // Refusals of what was sent before the first one was known are the same refusal.
    if (hold.waits && now < hold.until) return {hold.delay, false};
    const bool news = hold.delay == milliseconds(0);
    hold.delay = std::clamp(hold.delay * 2, why.first, why.most);
    hold.until = now + hold.delay;
    hold.waits = true;
    return {hold.delay, news};
}

bool Holds::settled(std::int64_t position, const std::string& channel) {
    bool was_refused = messages_.erase(position) > 0;
    const auto lift = [&was_refused](Hold& hold) {
        was_refused = was_refused || hold.delay != milliseconds(0);
        hold = {milliseconds(0), Instant(), hold.waits};
    };
    const auto of_channel = channels_.find(channel);
    if (of_channel != channels_.end()) lift(of_channel->second);
    lift(everything_);
    return was_refused;
}

bool Holds::holds(std::int64_t position, const std::string& channel, Instant now) const {
    const auto message = messages_.find(position);
    if (message != messages_.end() && now < message->second.until) return true;
    const auto found = channels_.find(channel);
    return found != channels_.end() && now < found->second.until;
}

bool Holds::holds_everything(Instant now) const {
    return now < everything_.until || waiting_messages(now) >= kMaxMessages;
}

std::size_t Holds::waiting_messages(Instant now) const {
    const auto waits = [now](const auto& entry) { return now < entry.second.until; };
    return static_cast<std::size_t>(std::count_if(messages_.begin(), messages_.end(), waits));
}

std::optional<Instant> Holds::next_release() const {
    std::optional<Instant> next;
    const auto look_at = [&next](const Hold& hold) {
        if (hold.waits) next = earlier(next, hold.until);
    };
    for (const auto& message : messages_)
        look_at(message.second);
    for (const auto& channel : channels_)
        look_at(channel.second);
    look_at(everything_);
    look_at(shared_);
    return next;
}

bool Holds::release(Instant now) {
    bool any = false;
    const auto let_go = [&any, now](Hold& hold) {
        if (!hold.waits || now < hold.until) return;
        hold.waits = false;
        any = true;
    };
    for (auto message = messages_.begin(); message != messages_.end();) {
        let_go(message->second);
        message = now > message->second.until + kForgotten ? messages_.erase(message) : std::next(message);
    }
    for (auto& channel : channels_)
        let_go(channel.second);
    let_go(everything_);
    let_go(shared_);
    return any;
}

}  // namespace fieldlink
