#include "daemon/uplink/delivery_texts.hpp"

#include "daemon/foreign_text.hpp"

namespace fieldlink {
namespace {

std::string when_again(const Flight& flight, const Refusal& why, milliseconds delay) {
    const std::string time = std::to_string(delay.count() / 1000) + " s";
    if (!flight.is_shared()) return "; it stays owed and is tried again in " + time;
    const bool alone = why.scope != Scope::everything;
    return std::string("; they stay owed and are tried again") + (alone ? ", each alone, in " : " in ") + time;
}

}  // namespace

std::string messages_of(const Flight& flight) {
    const std::string seq = std::to_string(flight.first_seq);
    if (flight.is_shared())
        return std::to_string(flight.positions.size()) + " messages (" + seq + " to " +
               std::to_string(flight.last_seq) + ')';
    if (!flight.part) return "message " + seq;
    const Part& part = *flight.part;
    return "readings " + std::to_string(part.first) + '-' + std::to_string(part.first + part.count - 1) +
           " of message " + seq;
}

std::string refusal_text(const Flight& flight, const ServiceError& error, const Refusal& why, milliseconds delay) {
    std::string text = "the service refuses " + messages_of(flight) + " on " + flight.channel + ": ";
    text += foreign_text(error.code);
    if (!error.message.empty()) text.append(" (").append(foreign_text(error.message)).append(1, ')');
    text += when_again(flight, why, delay);
    if (!why.advice.empty()) text.append("; ").append(why.advice);
    return text;
}

}  // namespace fieldlink
