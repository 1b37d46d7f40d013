#include "tests/storage/power_cut_aftermath.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include <gmock/gmock.h>

#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {
namespace {

constexpr const char* kCrash = "crash";

std::string text(const MessageId& id) {
    return id.first + ':' + std::to_string(id.second);
}

}  // namespace

PowerCutAftermath::PowerCutAftermath(const PowerCutWorkload& workload, std::size_t moment, std::size_t may_lose,
                                     Outbox& outbox)
    : workload_(workload),
      moment_(moment),
      may_lose_(may_lose),
      outbox_(outbox),
      all_(outbox.take(1'000'000, 1 << 30)) {
    for (const StoredMessage& message : all_) {
        taken_.emplace(id_of(message), &message);
        if (message.kind == Kind::gap) gaps_.emplace(id_of(message), GapRecord(message.body));
    }
    for (const auto& [id, gap] : workload.truth().settled_gaps())
        if (gap.settled <= moment) gaps_.emplace(id, GapRecord(gap.body));
    sort_by_fate();
}

bool PowerCutAftermath::is_in_a_gap(const MessageId& id) const {
    // One for a crash owns to a loss: it does not make it one that was meant.
    return std::any_of(gaps_.begin(), gaps_.end(),
                       [&](const auto& gap) { return gap.second.reason != kCrash && gap.second.covers(id); });
}

void PowerCutAftermath::sort_by_fate() {
    std::vector<std::tuple<std::size_t, MessageId>> newest;
    for (const auto& [id, known] : workload_.truth().messages()) {
        if (!was_committed(known) || taken_.count(id) != 0) continue;
        if (known.settled <= moment_)
            ++settled_;
        else if (is_in_a_gap(id))
            ++dropped_;
        else
            newest.emplace_back(known.committed, id);
    }
    std::sort(newest.begin(), newest.end());
    for (const auto& [committed, id] : newest)
        lost_.push_back(id);
}

void PowerCutAftermath::expect_only_what_was_appended() const {
    EXPECT_EQ(taken_.size(), all_.size()) << "something was handed out twice";
    for (const auto& [id, message] : taken_) {
        EXPECT_EQ(workload_.truth().wrong_with(*message), "");
        const auto known = workload_.truth().messages().find(id);
        const bool is_later = known != workload_.truth().messages().end() && known->second.begun > moment_;
        EXPECT_FALSE(is_later) << text(id) << " was appended after the cut";
    }
    for (const auto& [id, gap] : gaps_)
        EXPECT_THAT(gap.reason, testing::AnyOf("outbox_full", "refused", "queue_full", kCrash)) << text(id);
}

void PowerCutAftermath::expect_nothing_lost() const {
    // Only the end of what was committed may be gone, if anything.
    if (lost_.empty()) return;
    std::size_t newest = 0;
    for (const auto& [id, known] : workload_.truth().messages())
        newest += was_committed(known) && id.second >= lost_.front().second ? 1U : 0U;
    EXPECT_LE(newest, may_lose_) << lost_.size() << " committed messages are lost, the first is "
                                 << text(lost_.front());
}

void PowerCutAftermath::expect_all_or_nothing_of_the_append_that_was_cut() const {
    std::size_t in_batch = 0, there = 0;
    for (const auto& [id, known] : workload_.truth().messages()) {
        if (known.begun > moment_ || was_committed(known)) continue;
        ++in_batch;
        there += taken_.count(id);
    }
    EXPECT_TRUE(there == 0 || there == in_batch) << there << " of " << in_batch;
}

void PowerCutAftermath::expect_true_counts() const {
    const OutboxStats stats = outbox_.stats();
    expect_balanced(stats);
    EXPECT_EQ(stats.owed_messages, all_.size());
    std::uint64_t owed = 0, read = workload_.readings_lost_before(moment_), missing = 0;
    for (const StoredMessage& message : all_)
        owed += message.readings;
    EXPECT_EQ(stats.owed_readings, owed);
    if (may_lose_ != 0) return;
    for (const auto& [id, known] : workload_.truth().messages())
        if (was_committed(known)) read += known.readings;
    EXPECT_GE(stats.read_readings, read);
    std::uint64_t refused = 0;
    for (const auto& [id, gap] : gaps_) {
        const bool is_refused = gap.reason == "refused";
        missing += is_refused || gap.reason == "outbox_full" ? gap.messages.value_or(0) : 0;
        refused += is_refused ? gap.readings.value_or(0) : 0;
    }
    EXPECT_EQ(stats.quarantined_readings, refused);
    EXPECT_GE(missing, dropped_) << "more were dropped than gap records say";
    EXPECT_LE(missing, dropped_ + settled_) << "fewer were dropped than gap records say";
}

std::int64_t PowerCutAftermath::newest_on(const std::string& channel) const {
    std::int64_t newest = 0;
    for (const auto& [id, known] : workload_.truth().messages())
        if (was_committed(known) && known.channel == channel) newest = std::max(newest, id.second);
    // What may be lost may be what the next message would point to.
    return may_lose_ == 0 ? newest : 0;
}

void PowerCutAftermath::expect_new_messages_work() const {
    NewMessage message;
    message.channel = "telemetry";
    message.readings = 3;
    message.body = "after the power cut";
    const MessageId id{outbox_.epoch(), outbox_.append({message})};
    EXPECT_EQ(workload_.epochs().count(id.first), 0U) << "an epoch came again";
    for (const StoredMessage& next : outbox_.take(1000, 1 << 20)) {
        if (next.kind == Kind::gap) continue;
        EXPECT_EQ(id_of(next), id);
        EXPECT_EQ(next.body, message.body);
        EXPECT_GE(next.prev.value_or(Previous{}).seq, newest_on(message.channel)) << "the chain is broken";
        outbox_.settle({next.position});
    }
    outbox_.commit_acks();
    expect_balanced(outbox_.stats());
    EXPECT_EQ(workload_.truth().messages().count(id), 0U);
}

}  // namespace fieldlink
