#include "daemon/recorder.hpp"

#include <utility>

#include "daemon/json/writer.hpp"
#include "daemon/log.hpp"
#include "daemon/message/clock.hpp"
#include "daemon/outbox_tool/outbox_answer.hpp"

namespace fieldlink {
namespace {

using boost::system::error_code;
using std::chrono::milliseconds;

/// Stands for {sensor} where a message belongs to none.
const std::string kGateway = "_gateway";

/// Acks normally go with the next batch. Without one, a crash would cost this long's duplicates.
constexpr milliseconds kAckPatience{5'000};

/// The outbox asks for it more often only while it salvages.
constexpr milliseconds kTendEvery{100};

}  // namespace

bool InboxBudget::take(std::size_t bytes) {
    const auto wanted = static_cast<std::int64_t>(bytes);
    if (free_.fetch_sub(wanted) >= wanted) return true;
    free_ += wanted;
    return false;
}

Recorder::Recorder(boost::asio::io_context& io, const Config& config, const OutboxOptions& outbox, Host& host)
    : batch_timer_(io),
      tend_timer_(io),
      ack_timer_(io),
      results_channel_(config.uplink.channels.results),
      host_(host),
      batcher_(config.batch, config.gateway, config.uplink.channels.telemetry),
      outbox_(outbox) {
    tend();
}

void Recorder::add(const Readings& readings) {
    const Stamp arrived = now();
    for (const Reading& reading : *readings)
        if (outbox_.admits_all() || outbox_.admits(batcher_.channel_of(reading.sensor), reading.sensor, reading.taken))
            batcher_.add(reading, arrived);
    if (batcher_.has_full()) append(batcher_.full());
    plan_batch();
}

void Recorder::add_result(std::string result_json) {
    NewMessage message;
    message.channel = results_channel_;
    message.kind = Kind::result;
    message.created = now();
    message.body = std::move(result_json);
    // What was read before a command's result is committed before it, in the same commit.
    std::vector<NewMessage> messages = batcher_.all(message.created);
    messages.push_back(std::move(message));
    append(messages);
}

void Recorder::add_event(const std::string& type, const std::string& detail_json) {
    append({event(type, detail_json)});
}

NewMessage Recorder::event(const std::string& type, const std::string& detail_json) const {
    NewMessage message;
    message.channel = batcher_.channel_of(kGateway);
    message.kind = Kind::event;
    message.created = now();
    message.body = R"({"type":)";
    append_json_string(message.body, type);
    message.body.append(R"(,"detail":)").append(detail_json).append(1, '}');
    return message;
}

void Recorder::lost(std::vector<Loss> losses) {
    for (Loss& loss : losses) {
        loss.channel = batcher_.channel_of(loss.sensors.front());
        outbox_.lost(loss);
    }
}

void Recorder::plan_batch() {
    const auto due = batcher_.next_due();
    if (!due || due == planned_) return;
    planned_ = due;
    batch_timer_.expires_after(*due - now().boot);
    batch_timer_.async_wait([this](error_code error) {
        if (!error) on_batch_due();
    });
}

void Recorder::on_batch_due() {
    planned_.reset();
    append(batcher_.due(now()));
    plan_batch();
}

void Recorder::append(const std::vector<NewMessage>& messages) {
    if (messages.empty()) return;
    outbox_.append(messages);
    note_trouble();
    host_.committed();
    host_.storage_changed(status());
}

void Recorder::tend() {
    const milliseconds next = outbox_.tend(now());
    note_trouble();
    plan_tend(next);
    if (next < kTendEvery) host_.committed();  // what is salvaged is owed
}

void Recorder::plan_tend(milliseconds delay) {
    tend_timer_.expires_after(delay);
    tend_timer_.async_wait([this](error_code error) {
        if (!error) tend();
    });
}

void Recorder::note_trouble() {
    const std::string remark = outbox_.take_remark();
    if (!remark.empty()) {
        log::warning("storage: " + remark);
        plan_tend(milliseconds(0));
    }
    const std::string& trouble = outbox_.trouble();
    if (trouble.empty() == trouble_.empty()) return;
    trouble_ = trouble;
    std::string detail = "{\"message\":";
    append_json_string(detail, trouble.empty() ? "the outbox is written and read again" : trouble);
    detail += '}';
    if (trouble.empty())
        log::notice("storage: the outbox is written and read again");
    else
        log::error("storage: " + trouble + "; readings are kept in memory and sent meanwhile");
    outbox_.append({event(trouble.empty() ? "storage_healed" : "storage_degraded", detail)});
    host_.committed();
    host_.storage_changed(status());
}

void Recorder::take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) {
    host_.taken(outbox_.take(max_messages, max_bytes, urgency));
    note_trouble();
}

void Recorder::settle(const std::vector<std::int64_t>& positions) {
    outbox_.settle(positions);
    plan_ack_commit();
}

void Recorder::plan_ack_commit() {
    if (ack_commit_planned_) return;
    ack_commit_planned_ = true;
    ack_timer_.expires_after(kAckPatience);
    ack_timer_.async_wait([this](error_code error) {
        if (!error) on_ack_commit_due();
    });
}

void Recorder::on_ack_commit_due() {
    ack_commit_planned_ = false;
    outbox_.commit_acks();
    note_trouble();
    host_.storage_changed(status());  // acks may have made room for results
    host_.committed();                // what was refused is in gap records
}

void Recorder::refuse(const std::vector<RefusedMessage>& messages) {
    outbox_.refuse(messages);
    plan_ack_commit();
}

bool Recorder::flush() {
    append(batcher_.all(now()));
    return outbox_.flush();
}

StorageStatus Recorder::status() const {
    return {outbox_.stats(), outbox_.epoch(), outbox_.trouble(), batcher_.open_readings(),
            outbox_.has_room_for_results()};
}

Progress Recorder::replay(const Range& range, std::int64_t from) {
    const Progress progress = outbox_.replay(range, from);
    host_.storage_changed(status());
    host_.committed();
    return progress;
}

std::string Recorder::outbox_answer(const OutboxRequest& request) {
    std::string line = answer(outbox_, request);
    if (changes_outbox(request.verb)) {
        host_.storage_changed(status());
        host_.committed();
    }
    return line;
}

}  // namespace fieldlink
