#pragma once

#include <utility>
#include <vector>

#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {

/// What becomes of a message that the service refuses for good.
class OutboxRefusals : public OutboxTest {
protected:
    static RefusedMessage whole(std::int64_t position) { return {position, 0, {}, true}; }

    /// The gap records that are owed, once what waits for a commit is written.
    static std::vector<StoredMessage> gaps(Outbox& outbox) {
        outbox.commit_acks();
        expect_balanced(outbox.stats());
        std::vector<StoredMessage> gaps;
        for (StoredMessage& one : outbox.take(1000, 1 << 30))
            if (one.kind == Kind::gap) gaps.push_back(std::move(one));
        return gaps;
    }

    /// Time passes, so that what failed is tried again.
    void wait(Outbox& outbox) {
        clock_ += std::chrono::seconds(10);
        outbox.tend({clock_, std::chrono::milliseconds(1'700'000'000'000) + clock_});
    }

    std::chrono::milliseconds clock_{10'000};
};

}  // namespace fieldlink
