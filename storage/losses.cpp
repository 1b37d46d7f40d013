#include "storage/losses.hpp"

namespace fieldlink {
namespace {

/// A result or an event has no readings, and its own time counts.
Stamp first_of(const NewMessage& message) {
    return message.readings == 0 ? message.created : stamp_at(message.created, message.first);
}

Stamp last_of(const NewMessage& message) {
    return message.readings == 0 ? message.created : stamp_at(message.created, message.last);
}

}  // namespace

Stamp stamp_at(const Stamp& reference, std::chrono::milliseconds boot) {
    return {boot, reference.wall + (boot - reference.boot)};
}

Loss loss_of(const NewMessage& message, const char* reason) {
    return {message.channel, reason, message.readings, message.sensors, first_of(message), last_of(message)};
}

Gap gap_of(const BufferedMessage& message, Stamp noticed) {
    const NewMessage& content = message.content;
    Gap gap;
    gap.from_seq = gap.to_seq = message.number.seq();
    gap.messages = 1;
    gap.readings = content.readings;
    gap.sensors.insert(content.sensors.begin(), content.sensors.end());
    gap.first = first_of(content);
    gap.last = last_of(content);
    gap.noticed = noticed;
    return gap;
}

}  // namespace fieldlink
