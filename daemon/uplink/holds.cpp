#include "daemon/uplink/holds.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

constexpr std::size_t kAll = static_cast<std::size_t>(-1);

}  // namespace

Holds::Held Holds::refused(std::int64_t position, const std::string& channel, const Refusal& why, Instant now) {
    answered(channel, now);
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

Holds::Held Holds::refused_together(const std::vector<std::int64_t>& positions, const std::string& channel,
                                    const Refusal& why, Instant now) {
    if (why.scope != Scope::message) {
        const Held held = refused(positions.front(), channel, why, now);
        for (const std::int64_t position : positions)
            set_aside(position, channel, now);
        return held;
    }
    answered(channel, now);
    const bool news = shared_.delay == milliseconds(0);
    shared_.delay = why.first;
    if (!shared_.due) shared_.due = now + why.first;
    shared_.aside.insert(shared_.aside.end(), positions.begin(), positions.end());
    aside_ += positions.size();
    return {shared_.delay, news};
}

Holds::Held Holds::extend(Hold& hold, const Refusal& why, Instant now) {
    // Refusals of what was sent before the first one was known are the same refusal.
    if (now < hold.until) return {hold.delay, false};
    const bool news = hold.delay == milliseconds(0);
    hold.delay = std::clamp(hold.delay * 2, why.first, why.most);
    hold.until = now + hold.delay;
    hold.due = hold.until;
    hold.on_trial = false;
    return {hold.delay, news};
}

void Holds::answered(const std::string& channel, Instant now) {
    const auto of_channel = channels_.find(channel);
    if (of_channel != channels_.end()) end_trial(of_channel->second, now);
    end_trial(everything_, now);
}

/// The trial showed nothing: another publish has to.
void Holds::end_trial(Hold& hold, Instant now) {
    if (!hold.on_trial) return;
    hold.on_trial = false;
    hold.due = now;
}

void Holds::sent(const std::string& channel) {
    const auto of_channel = channels_.find(channel);
    if (of_channel != channels_.end()) of_channel->second.on_trial = of_channel->second.delay != milliseconds(0);
    everything_.on_trial = everything_.delay != milliseconds(0);
}

bool Holds::settled(std::int64_t position, const std::string& channel) {
    const auto message = messages_.find(position);
    const bool was_refused = message != messages_.end();
    if (was_refused) {
        aside_ -= message->second.aside.size();
        messages_.erase(message);
    }
    return works(channel) || was_refused;
}

bool Holds::works(const std::string& channel) {
    const auto of_channel = channels_.find(channel);
    const bool channel_was_refused = of_channel != channels_.end() && lift(of_channel->second);
    return lift(everything_) || channel_was_refused;
}

bool Holds::lift(Hold& hold) {
    const bool was_refused = hold.delay != milliseconds(0);
    hold.delay = milliseconds(0);
    hold.until = Instant();
    hold.on_trial = false;
    if (!hold.aside.empty()) hold.due = Instant();
    return was_refused;
}

bool Holds::holds(std::int64_t position, const std::string& channel, Instant now) const {
    const auto message = messages_.find(position);
    if (message != messages_.end() && now < message->second.until) return true;
    const auto found = channels_.find(channel);
    return found != channels_.end() && (now < found->second.until || found->second.on_trial);
}

bool Holds::holds_everything(Instant now) const {
    return now < everything_.until || everything_.on_trial || waiting_messages(now) >= kMaxMessages;
}

std::size_t Holds::waiting_messages(Instant now) const {
    const auto waits = [now](const auto& entry) { return now < entry.second.until; };
    return static_cast<std::size_t>(std::count_if(messages_.begin(), messages_.end(), waits));
}

void Holds::set_aside(std::int64_t position, const std::string& channel, Instant now) {
    const auto message = messages_.find(position);
    const auto of_channel = channels_.find(channel);
    const auto keeps = [now](const Hold& hold) { return now < hold.until || hold.on_trial; };
    Hold* hold = &shared_;
    if (message != messages_.end() && keeps(message->second))
        hold = &message->second;
    else if (of_channel != channels_.end() && keeps(of_channel->second))
        hold = &of_channel->second;
    else if (keeps(everything_))
        hold = &everything_;
    else
        shared_.due = now;
    hold->aside.push_back(position);
    ++aside_;
}

std::optional<Instant> Holds::next_release() const {
    std::optional<Instant> next = earlier(everything_.due, shared_.due);
    for (const auto& message : messages_)
        next = earlier(next, message.second.due);
    for (const auto& channel : channels_)
        next = earlier(next, channel.second.due);
    return next;
}

std::vector<std::int64_t> Holds::release(Instant now) {
    std::vector<std::int64_t> released;
    for (auto message = messages_.begin(); message != messages_.end();) {
        release(message->second, kAll, now, released);
        message = now > message->second.until + kForgotten ? messages_.erase(message) : std::next(message);
    }
    for (auto& channel : channels_)
        release(channel.second, channel.second.delay == milliseconds(0) ? kAll : kToTry, now, released);
    release(everything_, kAll, now, released);
    release(shared_, kAll, now, released);
    return released;
}

/// What stays is looked at again if the ones that were released have not come by then.
void Holds::release(Hold& hold, std::size_t most, Instant now, std::vector<std::int64_t>& released) {
    if (!hold.due || now < *hold.due) return;
    const std::size_t count = std::min(most, hold.aside.size());
    const auto end = hold.aside.begin() + static_cast<std::ptrdiff_t>(count);
    released.insert(released.end(), hold.aside.begin(), end);
    hold.aside.erase(hold.aside.begin(), end);
    aside_ -= count;
    hold.due.reset();
    if (!hold.aside.empty()) hold.due = now + hold.delay;
}

std::vector<std::int64_t> Holds::disconnected() {
    std::vector<std::int64_t> all;
    const auto empty = [&all](Hold& hold) {
        all.insert(all.end(), hold.aside.begin(), hold.aside.end());
        hold.aside.clear();
        hold.on_trial = false;
    };
    for (auto& message : messages_)
        empty(message.second);
    for (auto& channel : channels_)
        empty(channel.second);
    empty(everything_);
    empty(shared_);
    aside_ = 0;
    return all;
}

}  // namespace fieldlink
