#include "daemon/ctl/outbox/outbox_source.hpp"

#include <deque>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/ctl/control_connection.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Answers what the test says, and keeps from where it was asked.
class FakeSource : public OutboxSource {
public:
    std::string ask(const OutboxRequest& request) override {
        froms.push_back(request.from);
        std::string answer = answers.front();
        answers.pop_front();
        return answer;
    }
    std::string stats() override { return "{}"; }
    std::optional<std::uint64_t> replay_owed() override { return std::nullopt; }

    std::deque<std::string> answers;
    std::vector<std::int64_t> froms;
};

class Walk : public testing::Test {
protected:
    std::vector<std::int64_t> walk(std::size_t at_most = 100) {
        std::vector<std::int64_t> seqs;
        for_each_entry(source_, {}, [&](JsonValue entry) {
            seqs.push_back(entry["seq"].integer().value_or(-1));
            return seqs.size() < at_most;
        });
        return seqs;
    }

    std::string refusal() {
        try {
            walk();
        } catch (const ControlError& error) {
            return error.what();
        }
        return "nothing thrown";
    }

    FakeSource source_;
};

TEST_F(Walk, GoesThroughAllPiecesAnEmptyOneIncluded) {
    source_.answers = {R"({"ok":true,"entries":[{"seq":1},{"seq":2}],"next":3,"end":false})",
                       R"({"ok":true,"entries":[],"next":900,"end":false})",
                       R"({"ok":true,"entries":[{"seq":900}],"next":901,"end":true})"};

    EXPECT_THAT(walk(), ElementsAre(1, 2, 900));
    EXPECT_THAT(source_.froms, ElementsAre(0, 3, 900));
    EXPECT_THAT(source_.answers, IsEmpty());
}

TEST_F(Walk, EndsWhenNoMoreIsWanted) {
    source_.answers = {R"({"ok":true,"entries":[{"seq":1},{"seq":2}],"next":3,"end":false})"};

    EXPECT_THAT(walk(1), ElementsAre(1));
    EXPECT_THAT(source_.froms, ElementsAre(0));
}

TEST_F(Walk, PassesOnARefusal) {
    source_.answers = {R"({"ok":false,"error":"the disk is gone"})"};

    EXPECT_EQ(refusal(), "the disk is gone");
}

TEST_F(Walk, DoesNotGoInCircles) {
    source_.answers = {R"({"ok":true,"entries":[],"next":3,"end":false})",
                       R"({"ok":true,"entries":[],"next":3,"end":false})"};

    EXPECT_THAT(refusal(), HasSubstr("does not get beyond 3"));
}

TEST(ChangeAll, AddsUpThePieces) {
    FakeSource source;
    source.answers = {R"({"ok":true,"messages":2,"readings":20,"next":3,"end":false})",
                      R"({"ok":true,"messages":1,"readings":5,"next":4,"end":true})"};
    std::vector<std::uint64_t> seen;

    const ChangeCount done = change_all(source, {}, [&seen](const ChangeCount& so_far) {
        seen.push_back(so_far.messages);
        return true;
    });

    EXPECT_EQ(done.messages, 3u);
    EXPECT_EQ(done.readings, 25u);
    EXPECT_THAT(seen, ElementsAre(2));
    EXPECT_THAT(source.froms, ElementsAre(0, 3));
}

TEST(ChangeAll, StopsBetweenTwoPieces) {
    FakeSource source;
    source.answers = {R"({"ok":true,"messages":2,"readings":20,"next":3,"end":false})"};

    EXPECT_EQ(change_all(source, {}, [](const ChangeCount&) { return false; }).messages, 2u);
}

}  // namespace
}  // namespace fieldlink
