#include "storage/gap.hpp"

#include <algorithm>
#include <iterator>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace fieldlink {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

std::optional<std::uint64_t> sum(std::optional<std::uint64_t> a, std::optional<std::uint64_t> b) {
    if (!a || !b) return std::nullopt;
    return *a + *b;
}

void write_text(Writer& json, const std::string& text) {
    json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_count(Writer& json, const char* name, std::optional<std::uint64_t> count) {
    json.Key(name);
    if (count)
        json.Uint64(*count);
    else
        json.Null();
}

}  // namespace

void limit_sensors(Gap& gap) {
    while (gap.sensors.size() > kMaxGapSensors)
        gap.sensors.erase(std::prev(gap.sensors.end()));
}

void merge(Gap& gap, const Gap& more) {
    gap.from_seq = std::min(gap.from_seq, more.from_seq);
    gap.to_seq = std::max(gap.to_seq, more.to_seq);
    gap.messages = sum(gap.messages, more.messages);
    gap.readings = sum(gap.readings, more.readings);
    gap.sensors.insert(more.sensors.begin(), more.sensors.end());
    limit_sensors(gap);
    // By the wall clock: the boot clocks of two boots cannot be compared.
    if (more.first.wall < gap.first.wall) gap.first = more.first;
    if (more.last.wall > gap.last.wall) gap.last = more.last;
    gap.noticed = more.noticed;
    gap.this_boot = gap.this_boot && more.this_boot;
}

std::string gap_json(const GapKey& key, const Gap& gap) {
    rapidjson::StringBuffer buffer;
    Writer json(buffer);
    json.StartObject();
    json.Key("epoch");
    if (key.epoch.empty())
        json.Null();
    else
        write_text(json, key.epoch);
    if (key.spans) {
        json.Key("from_seq");
        json.Int64(gap.from_seq);
        json.Key("to_seq");
        json.Int64(gap.to_seq);
    }
    write_count(json, "messages", gap.messages);
    write_count(json, "readings", gap.readings);
    json.Key("sensors");
    json.StartArray();
    for (const std::string& sensor : gap.sensors)
        write_text(json, sensor);
    json.EndArray();
    if (!gap.this_boot) {
        json.Key("first_ts");
        json.Int64(gap.first.wall.count());
        json.Key("last_ts");
        json.Int64(gap.last.wall.count());
    }
    json.Key("reason");
    write_text(json, key.reason);
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace fieldlink
