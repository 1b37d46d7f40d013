#include "storage/owed_set.hpp"

#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(OwedSet, JoinsIntervalsThatTouch) {
    OwedSet set;
    set.add(1, 2);
    set.add(5, 6);
    set.add(3, 4);
    EXPECT_THAT(set.intervals(), ElementsAre(Pair(1, 6)));
    EXPECT_EQ(set.size(), 6U);
}

TEST(OwedSet, SplitsAnIntervalWhenItsMiddleGoes) {
    OwedSet set;
    set.add(1, 9);
    set.remove(4, 5);
    EXPECT_THAT(set.intervals(), ElementsAre(Pair(1, 3), Pair(6, 9)));
    EXPECT_EQ(set.end_of_run(6), 9);
}

TEST(OwedSet, NamesOnlyTheIntervalsThatChangedSinceTheyWereSaved) {
    OwedSet set;
    set.add(1, 9);
    set.add(20, 29);
    set.saved();
    EXPECT_THAT(set.changed(), IsEmpty());

    set.remove(5, 5);

    EXPECT_THAT(set.changed(), ElementsAre(1, 6));
}

/// What is stored on disk if only the changed intervals are ever written.
class StoredIntervals {
public:
    void save(OwedSet& set) {
        for (const std::int64_t first : set.changed()) {
            const auto interval = set.intervals().find(first);
            stored_.erase(first);
            if (interval != set.intervals().end()) stored_.insert(*interval);
        }
        set.saved();
    }
    const std::map<std::int64_t, std::int64_t>& stored() const { return stored_; }

private:
    std::map<std::int64_t, std::int64_t> stored_;
};

void expect_equal(const OwedSet& set, const std::set<std::int64_t>& model) {
    ASSERT_EQ(set.size(), model.size());
    for (std::int64_t seq = -1; seq < 130; ++seq) {
        ASSERT_EQ(set.contains(seq), model.count(seq) == 1) << seq;
        const auto next = model.upper_bound(seq);
        ASSERT_EQ(set.next_after(seq), next == model.end() ? std::nullopt : std::optional(*next)) << seq;
    }
    std::int64_t end = -2;
    for (const auto& [first, last] : set.intervals()) {
        ASSERT_GT(first, end + 1) << "intervals that touch";
        ASSERT_LE(first, last);
        end = last;
    }
}

TEST(OwedSet, BehavesAsASetOfNumbersUnderAnyOperations) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        OwedSet set;
        StoredIntervals disk;
        std::set<std::int64_t> model;
        for (int step = 0; step < 200; ++step) {
            const std::int64_t first = std::uniform_int_distribution<std::int64_t>(0, 110)(random);
            const std::int64_t last = first + std::uniform_int_distribution<std::int64_t>(0, 15)(random);
            const bool add = random() % 2 == 0;
            if (add) set.add(first, last);
            if (!add) set.remove(first, last);
            for (std::int64_t seq = first; seq <= last; ++seq) {
                if (add) model.insert(seq);
                if (!add) model.erase(seq);
            }
            ASSERT_NO_FATAL_FAILURE(expect_equal(set, model));
            if (random() % 4 != 0) continue;
            disk.save(set);
            ASSERT_EQ(disk.stored(), set.intervals());
        }
    }
}

}  // namespace
}  // namespace fieldlink
