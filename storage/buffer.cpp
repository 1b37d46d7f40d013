#include "storage/buffer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace fieldlink {

std::size_t cost_of(const NewMessage& message) {
    constexpr std::size_t kColumns = 256;
    std::size_t bytes = kColumns + message.body.size();
    for (const std::string& sensor : message.sensors)
        bytes += sensor.size() + 1;
    return bytes;
}

void Buffer::add(BufferedMessage message) {
    Lane& lane = is_urgent(message.content.kind) ? urgent_ : plain_;
    lane.bytes += cost_of(message.content);
    readings_ += message.content.readings;
    lane.messages.emplace(message.number.position, std::move(message));
}

void Buffer::erase(std::int64_t position) {
    for (Lane* lane : {&plain_, &urgent_}) {
        const auto found = lane->messages.find(position);
        if (found == lane->messages.end()) continue;
        lane->bytes -= cost_of(found->second.content);
        readings_ -= found->second.content.readings;
        lane->messages.erase(found);
    }
}

const BufferedMessage* Buffer::find(std::int64_t position) const {
    for (const Lane* lane : {&plain_, &urgent_}) {
        const auto found = lane->messages.find(position);
        if (found != lane->messages.end()) return &found->second;
    }
    return nullptr;
}

std::optional<std::int64_t> Buffer::next_after(std::int64_t position, bool urgent) const {
    const auto& messages = (urgent ? urgent_ : plain_).messages;
    const auto next = messages.upper_bound(position);
    return next == messages.end() ? std::nullopt : std::optional(next->first);
}

std::optional<std::int64_t> Buffer::first_position() const {
    const auto plain = next_after(0, false), urgent = next_after(0, true);
    if (!plain || !urgent) return plain ? plain : urgent;
    return std::min(*plain, *urgent);
}

std::optional<std::int64_t> Buffer::last(bool urgent) const {
    const auto& messages = (urgent ? urgent_ : plain_).messages;
    return messages.empty() ? std::nullopt : std::optional(messages.rbegin()->first);
}

std::vector<const BufferedMessage*> Buffer::first(std::size_t max_bytes) const {
    std::vector<const BufferedMessage*> chunk;
    std::size_t bytes = 0;
    auto plain = plain_.messages.begin(), urgent = urgent_.messages.begin();
    while (plain != plain_.messages.end() || urgent != urgent_.messages.end()) {
        const bool take_urgent =
            plain == plain_.messages.end() || (urgent != urgent_.messages.end() && urgent->first < plain->first);
        const BufferedMessage& message = take_urgent ? urgent->second : plain->second;
        bytes += cost_of(message.content);
        if (!chunk.empty() && bytes > max_bytes) break;
        chunk.push_back(&message);
        ++(take_urgent ? urgent : plain);
    }
    return chunk;
}

std::vector<std::int64_t> Buffer::positions() const {
    std::vector<std::int64_t> positions;
    for (const Lane* lane : {&plain_, &urgent_})
        for (const auto& [position, message] : lane->messages)
            positions.push_back(position);
    return positions;
}

void Buffer::move(Lane& lane, std::int64_t shift) {
    std::map<std::int64_t, BufferedMessage> moved;
    for (auto& [position, message] : lane.messages) {
        message.number.position += shift;
        moved.emplace_hint(moved.end(), position + shift, std::move(message));
    }
    lane.messages = std::move(moved);
}

void Buffer::move(std::int64_t shift) {
    move(plain_, shift);
    move(urgent_, shift);
}

std::optional<std::chrono::milliseconds> Buffer::oldest() const {
    std::optional<std::chrono::milliseconds> oldest;
    for (const Lane* lane : {&plain_, &urgent_}) {
        if (lane->messages.empty()) continue;
        const auto created = lane->messages.begin()->second.content.created.boot;
        oldest = oldest ? std::min(*oldest, created) : created;
    }
    return oldest;
}

}  // namespace fieldlink
