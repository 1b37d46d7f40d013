#include "tests/storage/power_cut_workload.hpp"

#include <algorithm>
#include <utility>

#include "tests/storage/give_all_back.hpp"

namespace fieldlink {

using std::chrono::milliseconds;

PowerCutWorkload::PowerCutWorkload(OutboxOptions options, unsigned seed)
    : options_(std::move(options)), random_(seed) {}

void PowerCutWorkload::run() {
    disk_ = std::make_unique<Disk>(Disk::Log::all);
    run_between_two_starts(1 << 20, 250);
    run_between_two_starts(1 << 20, 3);
    run_between_two_starts(2 << 20, 350);
    run_between_two_starts(1 << 20, 250);
    log_ = disk_->log();
    disk_.reset();
}

void PowerCutWorkload::run_between_two_starts(std::uint64_t max_bytes, int appends) {
    options_.max_bytes = max_bytes;
    starts_.push_back({now(), options_});
    Outbox outbox(options_);
    epochs_.insert(outbox.epoch());
    outbox.set_online(true);
    for (int i = 0; i < appends; ++i) {
        append(outbox);
        if (random_() % 2 == 0) take_and_settle(outbox);
        if (random_() % 12 == 0) give_all_back(outbox);
        if (random_() % 8 == 0) {
            outbox.commit_acks();
            committed();
        }
    }
    outbox.commit_acks();
    committed();
}

void PowerCutWorkload::append(Outbox& outbox) {
    if (random_() % 40 == 0) {
        lost_since_commit_ += 7;
        outbox.lost({"telemetry", "queue_full", 7, {"boiler"}, {milliseconds(1), milliseconds(1)}, {}});
    }
    const std::vector<NewMessage> messages = batch();
    const std::size_t begun = now();
    const std::int64_t first = outbox.append(messages);
    truth_.appended(outbox.epoch(), first, messages, begun, now());
    committed();
    clock_ += milliseconds(1000);
    outbox.tend({clock_, milliseconds(1'700'000'000'000) + clock_});
}

void PowerCutWorkload::committed() {
    if (lost_since_commit_ != 0) lost_.push_back({now(), std::exchange(lost_since_commit_, 0)});
}

void PowerCutWorkload::take_and_settle(Outbox& outbox) {
    for (const StoredMessage& message : outbox.take(random_() % 8, 30'000)) {
        if (random_() % 5 == 0) continue;
        if (random_() % 6 == 0 && message.kind == Kind::readings) {
            outbox.refuse({{message.position, 0, {}, true}});
            continue;
        }
        truth_.settled(message, now());
        outbox.settle({message.position});
    }
}

std::vector<NewMessage> PowerCutWorkload::batch() {
    std::vector<NewMessage> messages(1 + random_() % 4);
    for (NewMessage& message : messages) {
        const bool is_result = random_() % 6 == 0;
        message.kind = is_result ? Kind::result : Kind::readings;
        message.channel = is_result ? "results" : random_() % 3 == 0 ? "events" : "telemetry";
        message.readings = is_result ? 0 : static_cast<std::uint32_t>(1 + random_() % 60);
        message.created = {clock_, milliseconds(1'700'000'000'000) + clock_};
        message.sensors = {"boiler", "meter"};
        message.first = milliseconds(4000);
        message.last = milliseconds(4900);
        message.body = body(is_result ? 20 + random_() % 300 : 1 + random_() % 3000);
    }
    if (random_() % 12 != 0) return messages;
    messages.resize(1);
    messages[0].body = body(20'000 + random_() % 30'000);
    return messages;
}

std::string PowerCutWorkload::body(std::size_t bytes) {
    // No two are alike at any place, and no packing makes them smaller.
    std::string text(bytes, '\0');
    for (char& byte : text)
        byte = static_cast<char>(random_());
    return text;
}

const OutboxOptions& PowerCutWorkload::options_at(std::size_t moment) const {
    const auto after =
        std::find_if(starts_.begin(), starts_.end(), [&](const Start& start) { return start.moment > moment; });
    return after == starts_.begin() ? starts_.front().options : std::prev(after)->options;
}

std::uint64_t PowerCutWorkload::readings_lost_before(std::size_t moment) const {
    std::uint64_t readings = 0;
    for (const Lost& lost : lost_)
        if (lost.committed <= moment) readings += lost.readings;
    return readings;
}

}  // namespace fieldlink
