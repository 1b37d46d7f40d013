#include "daemon/outbox_tool/outbox_answer.hpp"

#include "daemon/message/body.hpp"
#include "daemon/outbox_tool/error_answer.hpp"
#include "daemon/values/device_text.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

/// Records take up to three times as much in JSON as they do in a body, and each message its envelope: a page of
/// many small ones stays below the 256 KiB that may wait for a client. A single larger message is a page of its own.
constexpr std::size_t kMaxBodyBytes = 32 * 1024;

const char* name_of(Kind kind) {
    switch (kind) {
        case Kind::readings:
            return "readings";
        case Kind::result:
            return "result";
        case Kind::gap:
            return "gap";
        case Kind::event:
            return "event";
    }
    return "unknown";
}

void append_number(std::string& json, const char* name, std::uint64_t value) {
    json.append(R"(,")").append(name).append("\":").append(std::to_string(value));
}

void append_flag(std::string& json, const char* name, bool value) {
    json.append(R"(,")").append(name).append(value ? "\":true" : "\":false");
}

void append_text(std::string& json, const char* name, const std::string& text) {
    json.append(R"(,")").append(name).append("\":");
    append_device_text(json, text);
}

void append_entry(std::string& json, const Entry& entry, bool bodies, std::optional<milliseconds> true_offset) {
    const StoredMessage& message = entry.message;
    json.append(R"({"seq":)").append(std::to_string(message.seq));
    append_text(json, "epoch", message.epoch);
    append_text(json, "channel", message.channel);
    append_text(json, "kind", name_of(message.kind));
    json.append(R"(,"ts":)").append(std::to_string(entry.time.count()));
    append_number(json, "readings", message.readings);
    append_flag(json, "owed", entry.owed);
    append_flag(json, "replayed", message.replayed);
    append_flag(json, "damaged", entry.damaged);
    if (bodies) {
        json += R"(,"message":)";
        // A damaged body is perhaps no JSON, and would take the whole line with it.
        if (entry.damaged)
            json += "null";
        else
            render(message, true_offset, json);
    }
    json += '}';
}

std::string end_of_answer(std::int64_t next, bool end) {
    return R"(,"next":)" + std::to_string(next) + R"(,"end":)" + (end ? "true}" : "false}");
}

}  // namespace

std::string page_answer(const Page& page, bool bodies, std::optional<milliseconds> true_offset) {
    std::string json = R"({"ok":true,"entries":[)";
    for (const Entry& entry : page.entries) {
        if (json.back() == '}') json += ',';
        append_entry(json, entry, bodies, true_offset);
    }
    return json + "]" + end_of_answer(page.next, page.end);
}

std::string progress_answer(const Progress& progress) {
    std::string json = R"({"ok":true)";
    append_number(json, "messages", progress.messages);
    append_number(json, "readings", progress.readings);
    return json + end_of_answer(progress.next, progress.end);
}

std::string answer(Outbox& outbox, const OutboxRequest& request) {
    try {
        switch (request.verb) {
            case OutboxVerb::list:
                return page_answer(outbox.browse(request.range, request.from, request.max_messages, kMaxBodyBytes),
                                   request.bodies, outbox.true_offset());
            case OutboxVerb::replay:
                return progress_answer(outbox.replay(request.range, request.from));
            case OutboxVerb::purge:
                return progress_answer(outbox.purge(request.range, request.owed_too, request.from));
        }
    } catch (const StorageError& error) {
        return error_answer(error.what());
    }
    return error_answer("this is not known of the outbox");
}

std::string stats_json(const OutboxStats& stats, std::uint64_t waiting_readings) {
    std::string json = R"({"owed_messages":)" + std::to_string(stats.owed_messages);
    append_number(json, "owed_readings", stats.owed_readings);
    append_number(json, "replay_owed_messages", stats.replay_owed_messages);
    append_number(json, "memory_messages", stats.memory_messages);
    append_number(json, "stored_messages", stats.stored_messages);
    append_number(json, "bytes", stats.used_bytes);
    append_number(json, "file_bytes", stats.file_bytes);
    append_number(json, "max_bytes", stats.max_bytes);
    append_number(json, "read_readings", stats.read_readings + waiting_readings);
    append_number(json, "waiting_readings", waiting_readings);
    append_number(json, "acked_readings", stats.acked_readings);
    append_number(json, "dropped_readings", stats.dropped_readings);
    append_number(json, "quarantined_readings", stats.quarantined_readings);
    append_number(json, "replayed_readings", stats.replayed_readings);
    append_number(json, "salvaged_readings", stats.salvaged_readings);
    append_number(json, "thinned", stats.thinned);
    append_number(json, "last_seq", static_cast<std::uint64_t>(stats.last_seq));
    append_flag(json, "salvaging", stats.salvaging);
    json += R"(,"dropped_by_reason":{)";
    for (const auto& [reason, readings] : stats.dropped_by_reason) {
        if (json.back() != '{') json += ',';
        append_device_text(json, reason);
        json.append(1, ':').append(std::to_string(readings));
    }
    return json + "}}";
}

}  // namespace fieldlink
