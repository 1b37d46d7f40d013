#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "tests/storage/power_cut_workload.hpp"

namespace fieldlink {

/// An outbox that was opened on what a power cut has left, beside what was promised. Each check adds failures to the
/// running test.
class PowerCutAftermath {
public:
    /// The newest `may_lose` committed messages may be gone. Takes all that is owed.
    PowerCutAftermath(const PowerCutWorkload& workload, std::size_t moment, std::size_t may_lose, Outbox& outbox);

    void expect_only_what_was_appended() const;
    void expect_nothing_lost() const;
    void expect_all_or_nothing_of_the_append_that_was_cut() const;
    void expect_true_counts() const;
    void expect_new_messages_work() const;

    std::size_t owed() const { return taken_.size(); }
    std::size_t dropped() const { return dropped_; }
    std::size_t lost() const { return lost_.size(); }

private:
    using Gaps = std::map<MessageId, GapRecord>;
    bool was_committed(const Truth::Known& known) const { return known.committed <= moment_; }
    bool is_in_a_gap(const MessageId& id) const;
    std::int64_t newest_on(const std::string& channel) const;
    void sort_by_fate();

    const PowerCutWorkload& workload_;
    std::size_t moment_, may_lose_;
    Outbox& outbox_;
    std::vector<StoredMessage> all_;
    std::map<MessageId, const StoredMessage*> taken_;
    Gaps gaps_;
    std::size_t settled_ = 0, dropped_ = 0;
    std::vector<MessageId> lost_;
};

}  // namespace fieldlink
