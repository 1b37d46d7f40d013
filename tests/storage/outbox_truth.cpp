#include "tests/storage/outbox_truth.hpp"

#include <stdexcept>

#include <rapidjson/document.h>

namespace fieldlink {
namespace {

template <class Number>
std::optional<Number> number(const rapidjson::Document& object, const char* name) {
    const auto member = object.FindMember(name);
    if (member == object.MemberEnd() || !member->value.Is<Number>()) return std::nullopt;
    return member->value.Get<Number>();
}

std::string text(const rapidjson::Document& object, const char* name) {
    const auto member = object.FindMember(name);
    if (member == object.MemberEnd() || !member->value.IsString())
        throw std::runtime_error("a gap record without " + std::string(name));
    return member->value.GetString();
}

std::string start_of(const std::string& body) {
    return '"' + body.substr(0, 40) + "\" (" + std::to_string(body.size()) + " bytes)";
}

}  // namespace

void Truth::appended(const std::string& epoch, std::int64_t first, const std::vector<NewMessage>& batch,
                     std::size_t begun, std::size_t committed) {
    for (const NewMessage& message : batch)
        messages_[{epoch, first++}] = {message.channel, message.body, message.kind, message.readings,
                                       begun,           committed,    kNever};
}

void Truth::settled(const StoredMessage& message, std::size_t moment) {
    const auto known = messages_.find(id_of(message));
    if (known != messages_.end())
        known->second.settled = std::min(known->second.settled, moment);
    else
        gaps_.insert({id_of(message), {message.channel, message.body, message.kind, 0, 0, 0, moment}});
}

std::string Truth::wrong_with(const StoredMessage& message) const {
    const std::string id = message.epoch + ':' + std::to_string(message.seq);
    const auto known = messages_.find(id_of(message));
    if (known == messages_.end() && message.kind == Kind::gap)
        return GapRecord(message.body).makes_sense() ? "" : id + " makes no sense: " + message.body;
    if (known == messages_.end()) return id + " was never appended: " + start_of(message.body);
    const Known& truth = known->second;
    if (message.kind != truth.kind) return id + " has the kind of another message";
    if (message.channel != truth.channel) return id + " is on " + message.channel + " instead of " + truth.channel;
    if (message.readings != truth.readings) return id + " has a wrong count of readings";
    if (message.body != truth.body) return id + " is " + start_of(message.body) + " instead of " + start_of(truth.body);
    return "";
}

GapRecord::GapRecord(const std::string& body) {
    rapidjson::Document object;
    object.Parse(body.data(), body.size());
    if (object.HasParseError() || !object.IsObject())
        throw std::runtime_error("a gap record that is no object: " + body);
    epoch = text(object, "epoch");
    reason = text(object, "reason");
    from_seq = number<std::int64_t>(object, "from_seq");
    to_seq = number<std::int64_t>(object, "to_seq");
    messages = number<std::uint64_t>(object, "messages");
    readings = number<std::uint64_t>(object, "readings");
}

bool GapRecord::makes_sense() const {
    if (from_seq.has_value() != to_seq.has_value()) return false;
    if (!from_seq) return true;
    return *from_seq <= *to_seq && messages.value_or(1) <= static_cast<std::uint64_t>(*to_seq - *from_seq + 1);
}

bool GapRecord::covers(const MessageId& id) const {
    if (!from_seq || !to_seq) return true;  // the one for losses that had no room for a record of their own
    return epoch == id.first && *from_seq <= id.second && id.second <= *to_seq;
}

}  // namespace fieldlink
