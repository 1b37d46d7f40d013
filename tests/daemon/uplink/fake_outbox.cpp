#include "fake_outbox.hpp"

#include <gtest/gtest.h>

#include "storage/records.hpp"

namespace fieldlink::test {

void FakeOutbox::owe(std::int64_t seq, std::size_t bytes, const std::string& channel) {
    StoredMessage message;
    message.seq = seq;
    message.position = position_of(seq);
    message.gateway = "gw";
    message.epoch = "e1";
    message.channel = channel;
    message.kind = Kind::event;
    message.body = '"' + std::string(bytes - 2, 'x') + '"';
    owed_[seq] = message;
}

void FakeOutbox::owe_kind(std::int64_t seq, Kind kind, std::size_t bytes, const std::string& channel) {
    owe(seq, bytes, channel);
    owed_[seq].kind = kind;
}

void FakeOutbox::owe_readings(std::int64_t seq, std::uint32_t readings, std::size_t bytes, const std::string& channel) {
    owe_kind(seq, Kind::readings, 2, channel);
    StoredMessage& message = owed_[seq];
    message.body.clear();
    begin_body(message.body, std::chrono::milliseconds(0));
    for (std::uint32_t i = 0; i < readings; ++i)
        add_reading(seq, "s" + std::to_string(i), bytes);
}

void FakeOutbox::add_reading(std::int64_t seq, const std::string& sensor, std::size_t bytes) {
    StoredMessage& message = owed_[seq];
    ++message.readings;
    const std::string members = R"("values":{"p":")" + std::string(bytes, 'x') + "\"}";
    append_record(message.body, std::chrono::milliseconds(0), sensor, members);
}

void FakeOutbox::drop(std::int64_t seq) {
    owed_.erase(seq);
    taken_.erase(seq);
}

std::vector<std::int64_t> FakeOutbox::owed() const {
    std::vector<std::int64_t> seqs;
    for (const auto& message : owed_)
        seqs.push_back(message.first);
    return seqs;
}

void FakeOutbox::called() const {
    EXPECT_FALSE(inside_a_call) << "the host was called from inside a call into the uplink";
}

void FakeOutbox::take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) {
    called();
    ++takes;
    loop_.post([this, max_messages, max_bytes, urgency] { hand_out(max_messages, max_bytes, urgency); });
}

void FakeOutbox::hand_out(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) {
    std::vector<StoredMessage> messages;
    std::size_t bytes = 0;
    for (const auto& [seq, message] : owed_) {
        if (taken_.count(seq) || (urgency == Urgency::urgent && !is_urgent(message))) continue;
        bytes += message.body.size();
        if (messages.size() == max_messages || (bytes > max_bytes && !messages.empty())) break;
        messages.push_back(message);
        taken_.insert(seq);
    }
    offer(messages);
}

void FakeOutbox::offer(const std::vector<StoredMessage>& messages) {
    if (keeps_offers_back_)
        kept_back_.push_back(messages);
    else
        loop_.post([this, messages] { on_offer(messages); });
}

void FakeOutbox::keep_offers_back(bool keep) {
    keeps_offers_back_ = keep;
    for (const auto& messages : std::exchange(kept_back_, {}))
        offer(messages);
}

std::vector<std::int64_t> FakeOutbox::numbers(const std::vector<std::int64_t>& positions) {
    std::vector<std::int64_t> seqs;
    for (const std::int64_t position : positions)
        seqs.push_back(position - position_of(0));
    return seqs;
}

void FakeOutbox::settle(const std::vector<std::int64_t>& positions) {
    called();
    settled.push_back(numbers(positions));
    loop_.post([this, seqs = settled.back()] {
        for (const std::int64_t seq : seqs)
            drop(seq);
    });
}

void FakeOutbox::untake(const std::vector<std::int64_t>& seqs) {
    for (const std::int64_t seq : seqs) {
        EXPECT_TRUE(taken_.count(seq) || !owed_.count(seq)) << seq << " is given back and was not taken";
        taken_.erase(seq);
    }
}

void FakeOutbox::give_back(const std::vector<std::int64_t>& positions) {
    called();
    given_back.push_back(numbers(positions));
    loop_.post([this, seqs = given_back.back()] { untake(seqs); });
}

void FakeOutbox::connection_ended(const std::vector<std::int64_t>& positions) {
    called();
    ended.push_back(numbers(positions));
    loop_.post([this, seqs = ended.back()] { untake(seqs); });
}

void FakeOutbox::refuse(const std::vector<RefusedMessage>& messages) {
    called();
    for (RefusedMessage message : messages) {
        message.position -= position_of(0);
        refused.push_back(message);
        loop_.post([this, seq = message.position] { drop(seq); });
    }
}

void FakeOutbox::command(std::string_view data, std::string_view from) {
    called();
    commands.push_back(std::string(from) + ": " + std::string(data));
}

void FakeOutbox::direct(std::string_view data, std::string_view from) {
    called();
    directs.push_back(std::string(from) + ": " + std::string(data));
}

void FakeOutbox::service_time(std::chrono::milliseconds unix_time) {
    called();
    service_times.push_back(unix_time);
}

void FakeOutbox::uplink_changed(const UplinkStatus& status) {
    called();
    statuses.push_back(status);
}

}  // namespace fieldlink::test
