#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {

/// Unix time at the start of the first boot.
inline constexpr std::chrono::milliseconds kTrueOffset{1'700'000'000'000};

/// An outbox of two starts in two boots, with what was sent in each:
///   boot-1: 1 2 3 at 1 s, 2 s, 3 s of its clock
///   boot-2: 4 5 6 at 1 s, 2 s, 3 s, an hour later in true time
class OutboxHistory : public OutboxTest {
protected:
    using milliseconds = std::chrono::milliseconds;

    OutboxHistory() {
        first_epoch_ = live("boot-1", kTrueOffset);
        second_epoch_ = live("boot-2", kTrueOffset + std::chrono::hours(1));
    }

    std::string live(const std::string& boot, milliseconds true_offset) {
        options_.boot_id = boot;
        Outbox outbox(options_);
        outbox.set_true_offset(true_offset);
        for (int second = 1; second <= 3; ++second)
            outbox.append({made(milliseconds(1000 * second))});
        deliver(outbox);
        return outbox.epoch();
    }

    static NewMessage made(milliseconds boot, const std::string& body = "body") {
        NewMessage one = message(body, 10);
        one.created = {boot, milliseconds(77)};  // a wall clock that knows nothing
        return one;
    }

    static void deliver(Outbox& outbox) {
        for (const StoredMessage& one : outbox.take(100'000, 1 << 30))
            outbox.settle({one.position});
        outbox.commit_acks();
    }

    /// All pages, of two messages each.
    static std::vector<Entry> browse(Outbox& outbox, const Range& range) {
        std::vector<Entry> entries;
        for (Page page; !page.end;) {
            page = outbox.browse(range, page.next, 2, 1 << 20);
            EXPECT_LE(page.entries.size(), 2U);
            std::move(page.entries.begin(), page.entries.end(), std::back_inserter(entries));
        }
        return entries;
    }

    static std::vector<std::int64_t> seqs_in(Outbox& outbox, const Range& range) {
        std::vector<std::int64_t> found;
        for (const Entry& entry : browse(outbox, range))
            found.push_back(entry.message.seq);
        return found;
    }

    using Piece = std::function<Progress(std::int64_t from)>;
    static Progress all_pieces(const Piece& piece) {
        Progress all;
        while (!all.end) {
            const Progress one = piece(all.next);
            all = {one.next, one.end, all.messages + one.messages, all.readings + one.readings};
        }
        return all;
    }

    static Progress replay(Outbox& outbox, const Range& range) {
        return all_pieces([&](std::int64_t from) { return outbox.replay(range, from); });
    }

    static Progress purge(Outbox& outbox, const Range& range, bool owed_too) {
        return all_pieces([&](std::int64_t from) { return outbox.purge(range, owed_too, from); });
    }

    std::string first_epoch_, second_epoch_;
};

inline Range seqs_between(std::int64_t from, std::int64_t to) {
    Range range;
    range.from_seq = from;
    range.to_seq = to;
    return range;
}

}  // namespace fieldlink
