#include "daemon/polling/batcher.hpp"

#include <algorithm>

#include "daemon/message/body.hpp"
#include "storage/records.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kSensorPlaceholder = "{sensor}";

void note_sensor(std::vector<std::string>& sensors, const std::string& sensor) {
    if (std::find(sensors.begin(), sensors.end(), sensor) == sensors.end()) sensors.push_back(sensor);
}

}  // namespace

Batcher::Batcher(const BatchConfig& limits, std::string gateway, std::string telemetry)
    : limits_(limits),
      gateway_(std::move(gateway)),
      telemetry_(std::move(telemetry)),
      channel_per_sensor_(telemetry_.find(kSensorPlaceholder) != std::string::npos) {}

std::string Batcher::channel_of(const std::string& sensor) const {
    std::string channel = telemetry_;
    for (auto at = channel.find(kSensorPlaceholder); at != std::string::npos;
         at = channel.find(kSensorPlaceholder, at + sensor.size()))
        channel.replace(at, kSensorPlaceholder.size(), sensor);
    return channel;
}

void Batcher::add(const Reading& reading, Stamp now) {
    Open& batch = open_[channel_per_sensor_ ? reading.sensor : std::string()];
    const std::size_t bytes = rendered_size(reading.sensor, reading.members);
    if (batch.message.readings > 0 && batch.frame_bytes + bytes > limits_.max_bytes) close(batch, now);

    NewMessage& message = batch.message;
    if (message.readings == 0) {
        message.channel = channel_of(reading.sensor);
        batch.base = message.first = message.last = reading.taken.boot;
        begin_body(message.body, batch.base);
        batch.opened = now.boot;
        batch.frame_bytes = frame_overhead(gateway_, message.channel);
    }
    append_record(message.body, reading.taken.boot - batch.base, reading.sensor, reading.members);
    batch.frame_bytes += bytes;
    message.first = std::min(message.first, reading.taken.boot);
    message.last = std::max(message.last, reading.taken.boot);
    note_sensor(message.sensors, reading.sensor);
    ++open_readings_;
    if (++message.readings >= limits_.max_readings) close(batch, now);
}

void Batcher::close(Open& batch, Stamp now) {
    batch.message.created = now;
    open_readings_ -= batch.message.readings;
    full_.push_back(std::move(batch.message));
    batch = Open{};
}

std::vector<NewMessage> Batcher::due(Stamp now) {
    for (auto batch = open_.begin(); batch != open_.end();) {
        const bool is_due = batch->second.message.readings > 0 && now.boot - batch->second.opened >= limits_.max_age;
        if (is_due) close(batch->second, now);
        batch = batch->second.message.readings == 0 ? open_.erase(batch) : std::next(batch);
    }
    return full();
}

std::vector<NewMessage> Batcher::all(Stamp now) {
    for (auto& [key, batch] : open_)
        if (batch.message.readings > 0) close(batch, now);
    open_.clear();
    return full();
}

std::optional<milliseconds> Batcher::next_due() const {
    std::optional<milliseconds> next;
    for (const auto& [key, batch] : open_) {
        if (batch.message.readings == 0) continue;
        const milliseconds due = batch.opened + limits_.max_age;
        if (!next || due < *next) next = due;
    }
    return next;
}

}  // namespace fieldlink
