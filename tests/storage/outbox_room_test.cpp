#include <algorithm>
#include <map>
#include <random>

#include <gmock/gmock.h>
#include <rapidjson/document.h>

#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Gt;
using testing::SizeIs;

class OutboxRoom : public OutboxTest {
protected:
    OutboxRoom() { options_.max_bytes = 1 << 20; }
};

const std::string kBody = noise(16'000);

/// `json[name]`, which must be there and a number.
std::int64_t number(const std::string& json, const char* name) {
    rapidjson::Document object;
    object.Parse(json.c_str());
    const bool found = object.IsObject() && object.HasMember(name) && object[name].IsInt64();
    EXPECT_TRUE(found) << name << " in " << json;
    return found ? object[name].GetInt64() : -1;
}

std::string text(const std::string& json, const char* name) {
    rapidjson::Document object;
    object.Parse(json.c_str());
    const bool found = object.IsObject() && object.HasMember(name) && object[name].IsString();
    EXPECT_TRUE(found) << name << " in " << json;
    return found ? object[name].GetString() : "";
}

TEST_F(OutboxRoom, GivesUpDeliveredMessagesBeforeOwedOnes) {
    Outbox outbox(options_);
    for (int i = 0; i < 10; ++i)
        outbox.append({message(kBody)});
    std::vector<std::int64_t> owed{1, 2, 3, 4, 5};
    outbox.settle({6, 7, 8, 9, 10});
    for (std::int64_t seq = 11; seq <= 200; ++seq) {
        outbox.append({message(kBody)});
        outbox.settle({seq});
    }
    EXPECT_EQ(take_all(outbox), owed);
    EXPECT_EQ(outbox.stats().dropped_readings, 0U);
    EXPECT_GT(outbox.stats().stored_messages, 20U) << "history stays as long as there is space";
}

TEST_F(OutboxRoom, NamesWhatItDropsInAGapRecord) {
    Outbox outbox(options_);
    for (int i = 0; i < 200; ++i)
        outbox.append({message(kBody, 2)});

    const auto taken = outbox.take(1000, 1 << 30);

    ASSERT_THAT(taken, SizeIs(Gt(10U)));
    const StoredMessage& record = taken[0];
    ASSERT_EQ(record.kind, Kind::gap);
    EXPECT_EQ(record.channel, "telemetry");
    EXPECT_EQ(text(record.body, "epoch"), outbox.epoch());
    EXPECT_EQ(text(record.body, "reason"), "outbox_full");
    EXPECT_EQ(number(record.body, "from_seq"), 1);
    // Everything else is there: one record, grown with each loss, and the messages after its span.
    const std::int64_t messages = number(record.body, "messages");
    EXPECT_EQ(number(record.body, "readings"), 2 * messages);
    EXPECT_EQ(record.first, std::chrono::milliseconds(4000));
    EXPECT_EQ(record.last, std::chrono::milliseconds(4900));
    EXPECT_EQ(taken[1].seq, number(record.body, "to_seq") + 1);
    EXPECT_EQ(static_cast<std::size_t>(messages) + taken.size(), 201U);
    EXPECT_EQ(outbox.stats().dropped_readings, static_cast<std::uint64_t>(2 * messages));
    expect_balanced(outbox.stats());
}

TEST_F(OutboxRoom, StartsANewGapRecordOnceOneWasHandedOut) {
    Outbox outbox(options_);
    for (int i = 0; i < 100; ++i)
        outbox.append({message(kBody)});
    const auto first = outbox.take(1, 1);
    give_all_back(outbox);
    for (int i = 0; i < 100; ++i)
        outbox.append({message(kBody)});

    const auto taken = outbox.take(2, 1 << 20);

    ASSERT_THAT(first, SizeIs(1));
    ASSERT_THAT(taken, SizeIs(2));
    EXPECT_EQ(taken[0].seq, first[0].seq);
    EXPECT_EQ(taken[0].body, first[0].body) << "a record that may have been sent stays as it is";
    EXPECT_EQ(taken[1].kind, Kind::gap);
    EXPECT_EQ(number(taken[1].body, "from_seq"), number(taken[0].body, "to_seq") + 1);
}

TEST_F(OutboxRoom, KeepsEpochsApartInGapRecordsAndFreezesThoseOfEarlierStarts) {
    std::string first_epoch;
    {
        Outbox outbox(options_);
        first_epoch = outbox.epoch();
        for (int i = 0; i < 60; ++i)
            outbox.append({message(kBody)});
    }
    Outbox outbox(options_);
    for (int i = 0; i < 100; ++i)
        outbox.append({message(kBody)});

    const auto taken = outbox.take(4, 1 << 20);

    ASSERT_EQ(taken[2].kind, Kind::gap);
    EXPECT_EQ(taken[0].epoch, first_epoch);
    EXPECT_EQ(text(taken[0].body, "epoch"), first_epoch);
    EXPECT_EQ(taken[1].epoch, outbox.epoch());
    EXPECT_EQ(text(taken[1].body, "epoch"), first_epoch);
    EXPECT_EQ(number(taken[1].body, "from_seq"), number(taken[0].body, "to_seq") + 1);
    EXPECT_EQ(text(taken[2].body, "epoch"), outbox.epoch());
    EXPECT_EQ(taken[3].kind, Kind::readings);
}

TEST_F(OutboxRoom, SharesOneRecordWithoutASpanWhenThereAreVeryManyRecords) {
    options_.max_bytes = 4 << 20;
    { Outbox(options_).append({message(kBody), message(kBody)}); }
    Outbox outbox(options_);
    for (int i = 0; i < 41; ++i)
        outbox.append(std::vector<NewMessage>(100, result(R"({"id":"c-17"})")));
    for (int i = 0; i < 200; ++i)
        outbox.append({message(kBody)});

    const auto taken = outbox.take(4200, 1 << 30);

    const auto is_gap = [](const StoredMessage& one) { return one.kind == Kind::gap; };
    ASSERT_EQ(std::count_if(taken.begin(), taken.end(), is_gap), 1) << "though two epochs lost something";
    const auto record = std::find_if(taken.begin(), taken.end(), is_gap);
    EXPECT_EQ(record->body.find("from_seq"), std::string::npos);
    EXPECT_EQ(static_cast<std::uint64_t>(number(record->body, "messages")), outbox.stats().dropped_readings);
}

TEST_F(OutboxRoom, IsMadeThoughEachSmallMessageDroppedIsOnAChannelOfItsOwn) {
    Outbox outbox(options_);
    for (int channel = 0; channel < 1500; ++channel)
        outbox.append({message("a", 1, std::to_string(channel))});
    for (int i = 0; i < 100; ++i)
        outbox.append({message(kBody)});

    std::int64_t named = 0;
    for (const StoredMessage& one : outbox.take(3000, 1 << 30))
        if (one.kind == Kind::gap) named += number(one.body, "readings");
    EXPECT_GT(named, 1500);
    EXPECT_EQ(static_cast<std::uint64_t>(named), outbox.stats().dropped_readings);
    EXPECT_LE(bytes_on_disk(), options_.max_bytes);
}

TEST_F(OutboxRoom, DropsNoResult) {
    Outbox outbox(options_);
    for (int i = 0; i < 20; ++i)
        outbox.append({result(R"({"id":"c-17"})")});
    for (int i = 0; i < 200; ++i)
        outbox.append({message(kBody)});
    const auto taken = outbox.take(20, 1 << 20);
    std::vector<Kind> kinds;
    for (const StoredMessage& one : taken)
        kinds.push_back(one.kind);
    EXPECT_THAT(kinds, testing::AllOf(SizeIs(20), Each(Kind::result)));
}

TEST_F(OutboxRoom, DropsWhatIsInFlightLast) {
    Outbox outbox(options_);
    for (int i = 0; i < 10; ++i)
        outbox.append({message(kBody)});
    EXPECT_THAT(seqs(outbox.take(3, 1 << 20)), ElementsAre(1, 2, 3));
    for (int i = 0; i < 100; ++i)
        outbox.append({message(kBody)});

    give_all_back(outbox);

    auto taken = outbox.take(4, 1 << 20);
    taken.erase(taken.begin());
    EXPECT_THAT(seqs(taken), ElementsAre(1, 2, 3));
}

TEST_F(OutboxRoom, IgnoresTheAckOfAMessageThatItDroppedInFlight) {
    Outbox outbox(options_);
    for (int i = 0; i < 100; ++i) {
        outbox.append({message(kBody)});
        take_all(outbox);
    }
    const OutboxStats before = outbox.stats();
    outbox.settle({1, 2, 3});
    EXPECT_EQ(outbox.stats().acked_readings, 0U);
    EXPECT_EQ(outbox.stats().owed_messages, before.owed_messages);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxRoom, NeverLosesAMessageThatNoGapRecordNames) {
    std::map<std::int64_t, bool> seen;
    std::int64_t last = 0, gap_messages = 0;
    std::mt19937 random(3);
    for (int start = 0; start < 5; ++start) {
        Outbox outbox(options_);
        for (int i = 0; i < 60; ++i) {
            last = outbox.append({message(noise(random() % 40'000))});
            if (random() % 4 == 0) give_all_back(outbox);
            for (const StoredMessage& one : outbox.take(random() % 2, 1 << 20)) {
                if (!seen.emplace(one.seq, true).second) continue;
                if (one.kind == Kind::gap) gap_messages += number(one.body, "messages");
                outbox.settle({one.seq});
            }
        }
        outbox.commit_acks();
    }
    Outbox outbox(options_);
    for (const StoredMessage& one : outbox.take(1000, 1 << 30)) {
        if (!seen.emplace(one.seq, true).second) continue;
        if (one.kind == Kind::gap) gap_messages += number(one.body, "messages");
    }
    EXPECT_GT(gap_messages, 0);
    EXPECT_EQ(static_cast<std::int64_t>(seen.size()) + gap_messages, last) << "delivered or named, each once";
    expect_balanced(outbox.stats());
}

}  // namespace
}  // namespace fieldlink
