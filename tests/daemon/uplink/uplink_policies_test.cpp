#include <gmock/gmock.h>

#include "daemon/uplink/backoff.hpp"
#include "daemon/uplink/connect_limit.hpp"
#include "daemon/uplink/credentials.hpp"
#include "daemon/uplink/frames.hpp"
#include "daemon/uplink/keepalive.hpp"
#include "daemon/uplink/reactions.hpp"
#include "daemon/uplink/subscription.hpp"
#include "daemon/uplink/token_bucket.hpp"

namespace fieldlink {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;

const Instant kStart = Instant() + std::chrono::hours(1);

Backoff backoff_with_chance(double chance) {
    return Backoff(ReconnectConfig{}, [chance] { return chance; });
}

TEST(Backoff, DoublesTheUpperEndOfTheJitterUpToTheMaximum) {
    Backoff backoff = backoff_with_chance(0.999999);
    std::vector<double> delays;
    for (int i = 0; i < 9; ++i)
        delays.push_back(
            std::round(static_cast<double>(backoff.next(Retry::normal, milliseconds(0), kStart).count()) / 500));
    EXPECT_THAT(delays, ElementsAre(1, 2, 4, 8, 16, 32, 64, 120, 120));
}

TEST(Backoff, WaitsAtLeastAQuarterSecondHoweverSmallTheChance) {
    Backoff backoff = backoff_with_chance(0);
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(backoff.next(Retry::normal, milliseconds(0), kStart), milliseconds(250));
}

TEST(Backoff, AddsTheJitterToTheFloorOfASlowLane) {
    Backoff backoff = backoff_with_chance(0.5);
    EXPECT_EQ(backoff.next(Retry::slow, seconds(60), kStart), milliseconds(60'250));
    EXPECT_EQ(backoff.next(Retry::slow, seconds(60), kStart), milliseconds(60'500));
}

TEST(Backoff, SpreadsTheFleetOverTheMaximumDelay) {
    Backoff backoff = backoff_with_chance(0.5);
    EXPECT_EQ(backoff.next(Retry::spread, seconds(5), kStart), seconds(35));
}

TEST(Backoff, ReturnsAtOnceOnlyFromAConnectionThatHadAnAck) {
    Backoff backoff = backoff_with_chance(0.5);
    EXPECT_GT(backoff.next(Retry::at_once, milliseconds(0), kStart), milliseconds(0));
    backoff.welcomed(kStart);
    EXPECT_GT(backoff.next(Retry::at_once, milliseconds(0), kStart), milliseconds(0));
    backoff.welcomed(kStart);
    backoff.acked();
    EXPECT_EQ(backoff.next(Retry::at_once, milliseconds(0), kStart), milliseconds(0));
    EXPECT_GT(backoff.next(Retry::at_once, milliseconds(0), kStart), milliseconds(0));
}

TEST(Backoff, StartsOverAfterAStableMinuteWithAnAckAndNotBefore) {
    const auto delay_after = [](std::chrono::seconds stay, bool ack) {
        Backoff backoff = backoff_with_chance(0.5);
        for (int i = 0; i < 20; ++i)
            backoff.next(Retry::normal, milliseconds(0), kStart);
        backoff.welcomed(kStart);
        if (ack) backoff.acked();
        return backoff.next(Retry::normal, milliseconds(0), kStart + stay);
    };
    EXPECT_EQ(delay_after(seconds(60), true), milliseconds(250));
    EXPECT_EQ(delay_after(seconds(59), true), seconds(30));
    EXPECT_EQ(delay_after(seconds(600), false), seconds(30));
}

TEST(ConnectLimit, CountsTheConnectsOfTheLastMinute) {
    ReconnectConfig config;
    config.per_minute = 2;
    ConnectLimit limit(config, [] { return 0.5; });
    limit.connecting(kStart);
    EXPECT_EQ(limit.forbidden_for(kStart), milliseconds(0));
    limit.connecting(kStart + seconds(10));
    EXPECT_EQ(limit.forbidden_for(kStart + seconds(20)), seconds(41));
    EXPECT_EQ(limit.forbidden_for(kStart + seconds(61)), milliseconds(0));
    limit.connecting(kStart + seconds(61));
    EXPECT_EQ(limit.forbidden_for(kStart + seconds(61)), seconds(10));
    EXPECT_EQ(limit.put_off_for(kStart + seconds(61)), seconds(40)) << "and half of max_delay, so that a fleet spreads";
    EXPECT_EQ(limit.put_off_for(kStart + seconds(71)), milliseconds(0));
}

TEST(ConnectLimit, CountsAConnectWhenItReachesTheService) {
    ReconnectConfig config;
    config.per_minute = 1;
    ConnectLimit limit(config, [] { return 0.0; });
    limit.connecting(kStart);
    limit.still_connecting(kStart, kStart + seconds(9));
    EXPECT_EQ(limit.forbidden_for(kStart + seconds(61)), seconds(9));
}

TEST(Keepalive, PingsAtOnceInDoubtAndGivesTheAnswerTenSeconds) {
    Keepalive keepalive;
    keepalive.restart(kStart);
    keepalive.doubt(kStart + seconds(5));
    EXPECT_TRUE(keepalive.ping_due(kStart + seconds(5)));
    keepalive.pinged(kStart + seconds(5));
    EXPECT_FALSE(keepalive.dead(kStart + seconds(14)));
    EXPECT_TRUE(keepalive.dead(kStart + seconds(15)));
    keepalive.received(kStart + seconds(14));
    EXPECT_FALSE(keepalive.dead(kStart + seconds(15)));
}

TEST(TokenBucket, AllowsTheBurstAndThenTheRate) {
    TokenBucket bucket({10, 3});
    bucket.restart(kStart);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(bucket.ready_at(kStart), kStart);
        bucket.take(kStart);
    }
    EXPECT_EQ(bucket.ready_at(kStart), kStart + milliseconds(100));
    bucket.take(kStart);  // a ping, on credit
    EXPECT_EQ(bucket.ready_at(kStart), kStart + milliseconds(200));
    EXPECT_EQ(bucket.ready_at(kStart + milliseconds(200)), kStart + milliseconds(200));
}

TEST(TokenBucket, HalvesItsRateWhenToldAndRecoversWhileConnected) {
    TokenBucket bucket({10, 1});
    bucket.restart(kStart);
    bucket.slow_down();
    bucket.take(kStart);
    EXPECT_EQ(bucket.ready_at(kStart), kStart + milliseconds(200));
    bucket.take(kStart + minutes(10));
    EXPECT_EQ(bucket.ready_at(kStart + minutes(10)), kStart + minutes(10) + milliseconds(100));
}

TEST(TokenBucket, IsSlowerOnTheNextConnectionHoweverLongThatTakes) {
    TokenBucket bucket({10, 1});
    bucket.restart(kStart);
    bucket.slow_down();
    bucket.restart(kStart + minutes(60));
    EXPECT_DOUBLE_EQ(bucket.rate(), 5);
    bucket.slow_down();
    bucket.restart(kStart + minutes(120));
    EXPECT_DOUBLE_EQ(bucket.rate(), 2.5);
}

TEST(Subscription, TriesThreeTimesTwoSecondsApart) {
    Subscription subscription;
    Instant now = kStart;
    subscription.restart(now);
    for (std::uint64_t request = 1; request <= 3; ++request) {
        ASSERT_EQ(subscription.step(now), Subscription::Step::ask);
        subscription.asked(request, now);
        EXPECT_EQ(subscription.step(now), Subscription::Step::wait);
        now = *subscription.next();
        if (request < 3) {
            EXPECT_EQ(subscription.step(now), Subscription::Step::wait);
            now = *subscription.next();
        }
    }
    EXPECT_EQ(now - kStart, 3 * Subscription::kPatience + 2 * Subscription::kPause);
    EXPECT_EQ(subscription.step(now), Subscription::Step::given_up);
    EXPECT_EQ(subscription.step(now), Subscription::Step::wait);
    EXPECT_FALSE(subscription.acked(3));
}

TEST(Reactions, KnowEveryCodeOfTheProtocolAndTreatAnyOtherAsPassing) {
    EXPECT_EQ(reaction_to_close(4002).retry, Retry::at_once);
    EXPECT_EQ(reaction_to_close(1001).retry, Retry::spread);
    for (const int code : {4001, 4003, 4020}) {
        EXPECT_EQ(reaction_to_close(code).retry, Retry::slow) << code;
        EXPECT_EQ(reaction_to_close(code).floor, minutes(1)) << code;
        EXPECT_NE(reaction_to_close(code).advice, "") << code;
    }
    EXPECT_EQ(reaction_to_close(4012).floor, minutes(5));
    EXPECT_EQ(reaction_to_close(4010).floor, seconds(30));
    for (const int code : {1006, 1008, 1009, 1011, 1013, 4000, 4999})
        EXPECT_EQ(reaction_to_close(code).retry, Retry::normal);
    EXPECT_EQ(reaction_to_http(403).retry, Retry::slow);
    EXPECT_EQ(reaction_to_http(500).retry, Retry::normal);
    EXPECT_NE(reaction_to_http(302).advice, "");
    EXPECT_EQ(refusal("channel_not_authorized").scope, Scope::channel);
    EXPECT_EQ(refusal("over_message_quota").scope, Scope::everything);
    EXPECT_EQ(refusal("never heard of").scope, Scope::message);
}

TEST(Frames, EscapeChannelsAndCarryTheDataAsItIs) {
    std::string frame;
    begin_publish(frame, "a\"b");
    frame += R"({"x": 1})";
    end_request(frame, "7");
    EXPECT_EQ(frame, R"({"type":"publish","channel":"a\"b","data":{"x": 1},"requestId":"7"})");
    EXPECT_EQ(subscribe_frame("c", "8"), R"({"type":"subscribe","channel":"c","requestId":"8"})");
}

TEST(Frames, TakeTheLimitFromTheWelcomeOrTheUsualOne) {
    const ServerFrame given(R"({"type":"welcome","peerId":"p","maxMessageSize":4096,"expiresAt":null})");
    EXPECT_EQ(std::get<Welcome>(given.content()).max_message_size, 4096u);
    EXPECT_FALSE(std::get<Welcome>(given.content()).expires_at);
    const ServerFrame silent(R"({"type":"welcome","peerId":"p"})");
    EXPECT_EQ(std::get<Welcome>(silent.content()).max_message_size, 65'536u);
}

TEST(Frames, TakeNoMomentThatNoClockCouldWaitFor) {
    for (const char* time : {"-1", "1e15", "8000000001", "17640036000000", "1e300", "\"soon\""}) {
        const std::string text = R"({"type":"welcome","peerId":"p","expiresAt":)" + std::string(time) + "}";
        const ServerFrame frame(text);
        EXPECT_FALSE(std::get<Welcome>(frame.content()).expires_at) << time;
    }
    const ServerFrame far(R"({"type":"welcome","peerId":"p","expiresAt":8000000000})");
    EXPECT_EQ(std::get<Welcome>(far.content()).expires_at, milliseconds(8'000'000'000'000));
}

TEST(Frames, IgnoreAWelcomeWithALimitThatNoReadingFits) {
    for (const char* limit : {"-1", "0", "1", "1023"}) {
        const std::string text = R"({"type":"welcome","peerId":"p","maxMessageSize":)" + std::string(limit) + "}";
        const ServerFrame frame(text);
        EXPECT_TRUE(std::holds_alternative<Ignored>(frame.content())) << limit;
    }
    const ServerFrame least(R"({"type":"welcome","peerId":"p","maxMessageSize":1024})");
    EXPECT_EQ(std::get<Welcome>(least.content()).max_message_size, 1024u);
}

TEST(Credentials, ArePercentEncoded) {
    EXPECT_EQ(query_parameter("token", "aZ0-._~ /+&=%\xC3\xA4"), "token=aZ0-._~%20%2F%2B%26%3D%25%C3%A4");
}

}  // namespace
}  // namespace fieldlink
