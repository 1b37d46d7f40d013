#include "storage/sending.hpp"

#include <random>
#include <set>

#include <gmock/gmock.h>

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Any positions, of which some are urgent.
class SomeOwed : public Owed {
public:
    std::optional<std::int64_t> next_after(std::int64_t position, bool urgent) const override {
        const auto& set = urgent ? urgent_ : plain_;
        const auto next = set.upper_bound(position);
        return next == set.end() ? std::nullopt : std::optional(*next);
    }
    bool is_complete() const override { return complete; }

    std::set<std::int64_t>& of(bool urgent) { return urgent ? urgent_ : plain_; }
    bool has(std::int64_t position) const { return plain_.count(position) + urgent_.count(position) != 0; }
    void erase(std::int64_t position) {
        plain_.erase(position);
        urgent_.erase(position);
    }

    bool complete = true;

private:
    std::set<std::int64_t> plain_, urgent_;
};

class SendingTest : public testing::Test {
protected:
    std::vector<std::int64_t> take(std::size_t at_most = 1000) {
        std::vector<std::int64_t> taken;
        while (taken.size() < at_most) {
            const auto next = sending_.next(owed_);
            if (!next) break;
            sending_.taken(*next, {1, 1}, owed_);
            taken.push_back(next->position);
        }
        return taken;
    }

    void owe(std::int64_t first, std::int64_t last, bool urgent = false) {
        for (; first <= last; ++first)
            owed_.of(urgent).insert(first);
    }

    SomeOwed owed_;
    Sending sending_{true, 0};
};

TEST_F(SendingTest, HandsOutAgainOnlyWhatWasGivenBack) {
    owe(1, 5);
    take();
    for (const std::int64_t position : {4, 2, 99})
        sending_.give_back(position);
    EXPECT_THAT(take(), ElementsAre(2, 4));
    EXPECT_THAT(take(), IsEmpty());
}

TEST_F(SendingTest, LeavesAloneWhatStaysOnItsWayWhenTheConnectionEnds) {
    owe(1, 6);
    take(4);
    sending_.give_back(3);
    sending_.begin_live(6);
    owe(7, 8);
    EXPECT_THAT(take(), ElementsAre(7, 8, 3, 5, 6));
}

TEST_F(SendingTest, KeepsWhatWasGivenBackInItsLaneUntilTheConnectionEnds) {
    owe(1, 2);
    take();
    sending_.give_back(1);
    owe(3, 3);
    EXPECT_THAT(take(), ElementsAre(1, 3)) << "all of it is live";
    sending_.give_back(1);
    sending_.begin_live(3);
    owe(4, 4);
    EXPECT_THAT(take(), ElementsAre(4, 1));
}

TEST_F(SendingTest, LooksAgainAtWhatItCouldNotSee) {
    owe(5, 6);
    owed_.complete = false;
    EXPECT_THAT(take(), ElementsAre(5, 6));
    owed_.complete = true;
    owe(1, 2);  // was there all the time, in a file that could not be read
    EXPECT_THAT(take(), ElementsAre(1, 2));
}

TEST_F(SendingTest, HandsOutNothingThatIsWithheld) {
    owe(1, 3);
    sending_.withhold(2);
    EXPECT_THAT(take(), ElementsAre(1, 3));
    EXPECT_FALSE(sending_.flight(2).has_value());
    sending_.look_again();
    EXPECT_THAT(take(), IsEmpty());
    sending_.give_back(2);
    EXPECT_THAT(take(), ElementsAre(2));
}

TEST_F(SendingTest, FollowsPositionsThatMove) {
    constexpr std::int64_t kFar = 1'000'000;
    owe(kFar + 1, kFar + 4);
    take(3);
    sending_.give_back(kFar + 1);
    sending_.move(kFar, 10 - kFar);
    owed_.of(false) = {11, 12, 13, 14};
    EXPECT_THAT(take(), ElementsAre(11, 14));
    sending_.give_back(12);
    EXPECT_THAT(take(), ElementsAre(12));
    EXPECT_TRUE(sending_.may_have_arrived(11));
}

/// Says the same in the simplest way.
class Model {
public:
    std::optional<std::int64_t> next(const SomeOwed& owed) const {
        if (const auto urgent = first(owed, 0, true)) return urgent;
        if (const auto live = first(owed, live_after, false)) return live;
        return first(owed, 0, false);
    }

    std::set<std::int64_t> in_flight;
    std::int64_t live_after = 0;

private:
    std::optional<std::int64_t> first(const SomeOwed& owed, std::int64_t after, bool urgent) const {
        auto next = owed.next_after(after, urgent);
        while (next && in_flight.count(*next) != 0)
            next = owed.next_after(*next, urgent);
        return next;
    }
};

class SendingHistory : public SendingTest {
protected:
    void step(std::mt19937& random) {
        const auto any = [&] { return 1 + static_cast<std::int64_t>(random()) % (last_ + 1); };
        switch (random() % 8) {
            case 0:
                ++last_;
                owed_.of(is_urgent(last_)).insert(last_);
                break;
            case 1:
            case 2:
                return take_as_the_model_does();
            case 3:
                return give_back(any());
            case 4:
                return settle(any());
            case 5:
                sending_.begin_live(model_.live_after = last_);
                break;
            case 6:
                return owe_again(any());
            case 7:
                owed_.erase(any());  // and nobody tells
                break;
        }
    }

    static bool is_urgent(std::int64_t position) { return position % 4 == 0; }

    void take_as_the_model_does() {
        const auto next = sending_.next(owed_);
        ASSERT_EQ(next ? std::optional(next->position) : std::nullopt, model_.next(owed_));
        if (!next) return;
        sending_.taken(*next, {}, owed_);
        model_.in_flight.insert(next->position);
    }

    void give_back(std::int64_t position) {
        sending_.give_back(position);
        model_.in_flight.erase(position);
    }

    void settle(std::int64_t position) {
        owed_.erase(position);
        sending_.settled(position);
        model_.in_flight.erase(position);
    }

    void owe_again(std::int64_t position) {
        if (owed_.has(position)) return;
        owed_.of(is_urgent(position)).insert(position);
        sending_.owed_again(position);
    }

    Model model_;
    std::int64_t last_ = 0;
};

TEST_F(SendingHistory, IsThatOfTheSimplestModel) {
    std::mt19937 random(7);
    for (int i = 0; i < 10'000 && !HasFailure(); ++i)
        step(random);
    EXPECT_GT(last_, 1000);
}

}  // namespace
}  // namespace fieldlink
