#include "daemon/outbox_tool/outbox_request.hpp"

#include "daemon/json/reader.hpp"
#include "daemon/values/device_text.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

struct VerbName {
    OutboxVerb verb;
    std::string_view name;
};
constexpr VerbName kVerbs[] = {
    {OutboxVerb::list, "outbox_list"},
    {OutboxVerb::replay, "outbox_replay"},
    {OutboxVerb::purge, "outbox_purge"},
};

/// Takes the members of one object one by one. Each method is false if it has found a problem.
class Members {
public:
    explicit Members(std::string& problem) : problem_(problem) {}

    bool take(JsonValue value, std::int64_t& into) {
        const auto number = value.integer();
        if (!number || *number < 0) return refuse(value, "must be a whole number that is not negative");
        into = *number;
        return true;
    }

    bool take(JsonValue value, std::optional<milliseconds>& into) {
        const auto number = value.integer();
        if (!number) return refuse(value, "must be Unix time in milliseconds");
        into = milliseconds(*number);
        return true;
    }

    bool take(JsonValue value, bool& into) {
        const auto is = value.boolean();
        if (!is) return refuse(value, "must be true or false");
        into = *is;
        return true;
    }

    bool take(JsonValue value, std::optional<std::string>& into) {
        const auto text = value.string();
        if (!text) return refuse(value, "must be a string");
        into = std::string(*text);
        return true;
    }

    bool refuse(JsonValue value, const std::string& why) {
        problem_ = "\"" + std::string(value.name()) + "\" " + why;
        return false;
    }

private:
    std::string& problem_;
};

bool take_range_member(JsonValue value, Members& members, Range& range) {
    if (value.name() == "from_seq") return members.take(value, range.from_seq);
    if (value.name() == "to_seq") return members.take(value, range.to_seq);
    if (value.name() == "epoch") return members.take(value, range.epoch);
    if (value.name() == "since") return members.take(value, range.since);
    if (value.name() == "until") return members.take(value, range.until);
    return members.refuse(value, "is not known in a range; there are: from_seq, to_seq, epoch, since, until");
}

bool take_range(JsonValue json, Members& members, Range& range) {
    if (!json.is_object()) return members.refuse(json, "must be an object");
    for (JsonValue value = json.first(); value.exists(); value = value.next())
        if (!take_range_member(value, members, range)) return false;
    if (range.from_seq > range.to_seq) return members.refuse(json, "ends before it begins: from_seq is above to_seq");
    if (range.since && range.until && *range.since > *range.until)
        return members.refuse(json, "ends before it begins: since is after until");
    return true;
}

bool take_max_messages(JsonValue value, Members& members, std::size_t& into) {
    std::int64_t number = 0;
    if (!members.take(value, number)) return false;
    if (number < 1 || number > static_cast<std::int64_t>(OutboxRequest::kMaxMessages))
        return members.refuse(value, "must be 1 to " + std::to_string(OutboxRequest::kMaxMessages));
    into = static_cast<std::size_t>(number);
    return true;
}

bool take_member(JsonValue value, Members& members, OutboxRequest& request) {
    const std::string_view name = value.name();
    const bool lists = request.verb == OutboxVerb::list, purges = request.verb == OutboxVerb::purge;
    if (name == "verb") return true;
    if (name == "range") return take_range(value, members, request.range);
    if (name == "from") return members.take(value, request.from);
    if (name == "max_messages" && lists) return take_max_messages(value, members, request.max_messages);
    if (name == "bodies" && lists) return members.take(value, request.bodies);
    if (name == "owed_too" && purges) return members.take(value, request.owed_too);
    return members.refuse(
        value, "is not known here; there are: verb, range, from" + std::string(lists    ? ", max_messages, bodies"
                                                                               : purges ? ", owed_too"
                                                                                        : ""));
}

void append_member(std::string& json, const char* name, std::int64_t value) {
    if (json.back() != '{') json += ',';
    json.append(1, '"').append(name).append("\":").append(std::to_string(value));
}

std::string range_json(const Range& range) {
    std::string json = "{";
    if (range.from_seq != Range().from_seq) append_member(json, "from_seq", range.from_seq);
    if (range.to_seq != Range().to_seq) append_member(json, "to_seq", range.to_seq);
    if (range.since) append_member(json, "since", range.since->count());
    if (range.until) append_member(json, "until", range.until->count());
    if (range.epoch) {
        json.append(json.back() == '{' ? "" : ",").append(R"("epoch":)");
        append_device_text(json, *range.epoch);
    }
    return json + "}";
}

const char* word(bool value) {
    return value ? "true" : "false";
}

}  // namespace

bool changes_outbox(OutboxVerb verb) {
    return verb != OutboxVerb::list;
}

OutboxRequestRead parse_outbox_request(std::string_view line) {
    OutboxRequestRead read;
    const JsonDocument document(line);
    const auto name = document.root()["verb"].string().value_or("");
    bool known = false;
    for (const VerbName& verb : kVerbs) {
        if (verb.name != name) continue;
        read.request.verb = verb.verb;
        known = true;
    }
    if (!known) {
        read.problem = "this asks nothing of the outbox; there are: outbox_list, outbox_replay, outbox_purge";
        return read;
    }
    Members members(read.problem);
    for (JsonValue value = document.root().first(); value.exists(); value = value.next())
        if (!take_member(value, members, read.request)) break;
    return read;
}

std::string to_json(const OutboxRequest& request) {
    std::string json = R"({"verb":")";
    for (const VerbName& verb : kVerbs)
        if (verb.verb == request.verb) json += verb.name;
    json.append(R"(","range":)").append(range_json(request.range));
    append_member(json, "from", request.from);
    if (request.verb == OutboxVerb::list) {
        append_member(json, "max_messages", static_cast<std::int64_t>(request.max_messages));
        json.append(R"(,"bodies":)").append(word(request.bodies));
    }
    if (request.verb == OutboxVerb::purge) json.append(R"(,"owed_too":)").append(word(request.owed_too));
    return json + "}";
}

}  // namespace fieldlink
