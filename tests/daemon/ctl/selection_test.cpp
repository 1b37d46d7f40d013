#include "daemon/ctl/outbox/selection.hpp"

#include <gmock/gmock.h>

#include "daemon/ctl/usage_error.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Pair;
using testing::StartsWith;

constexpr milliseconds kNow(1'764'000'000'000);
constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();

std::pair<std::int64_t, std::int64_t> seqs(const std::string& text) {
    const Range range = range_of({"", "", text, ""}, kNow);
    return {range.from_seq, range.to_seq};
}

std::string refusal(const Selection& selection) {
    try {
        range_of(selection, kNow);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "taken";
}

TEST(Selection, ReadsSequenceNumbers) {
    EXPECT_THAT(seqs("418"), Pair(418, 418));
    EXPECT_THAT(seqs("400-412"), Pair(400, 412));
    EXPECT_THAT(seqs("400-"), Pair(400, kLast));
    EXPECT_THAT(seqs("-412"), Pair(0, 412));
}

TEST(Selection, RefusesWhatIsNoRangeOfSequenceNumbers) {
    for (const char* text : {"-", "a", "1-b", "1-2-3", "--5", "1,2", " 1", "99999999999999999999"})
        EXPECT_THAT(refusal({"", "", text, ""}), StartsWith("--seq: ")) << text;
    EXPECT_THAT(refusal({"", "", "412-400", ""}), HasSubstr("ends before it begins"));
}

TEST(Selection, ReadsTimesAndEpoch) {
    const Range range = range_of({"2h", "1764000000000", "", "9f1c2e7a"}, kNow);

    EXPECT_EQ(range.since, kNow - std::chrono::hours(2));
    EXPECT_EQ(range.until, kNow);
    EXPECT_EQ(range.epoch, "9f1c2e7a");
}

TEST(Selection, NamesTheOptionThatCannotBeMeant) {
    EXPECT_THAT(refusal({"soon", "", "", ""}), StartsWith("--since: \"soon\""));
    EXPECT_THAT(refusal({"", "soon", "", ""}), StartsWith("--until: \"soon\""));
    EXPECT_THAT(refusal({"1h", "2h", "", ""}), HasSubstr("--since 1h is after --until 2h"));
}

TEST(Selection, RestrictsNothingByWhatIsLeftOut) {
    const Range range = range_of({}, kNow);

    EXPECT_TRUE(Selection().is_everything());
    EXPECT_EQ(range.from_seq, 0);
    EXPECT_EQ(range.to_seq, kLast);
    EXPECT_FALSE(range.since || range.until || range.epoch);
}

}  // namespace
}  // namespace fieldlink
