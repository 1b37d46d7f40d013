#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/buffer.hpp"
#include "storage/gap_book.hpp"
#include "storage/log.hpp"
#include "storage/numbering.hpp"
#include "storage/sending.hpp"

namespace fieldlink {

/// Messages that the service refuses for good, by position, until a commit has written that.
using Refusals = std::map<std::int64_t, RefusedMessage>;

/// What a commit needs besides the file.
struct CommitParts {
    Log& log;
    Numbering& numbering;
    Buffer& buffer;
    GapBook& gaps;
    Sending& sending;
    Refusals& refusals;
    const std::string& boot_id;
    std::chrono::milliseconds keep_delivered;
};

class Commit;

/// More to be done in the same commit, and the frames of the WAL that it takes at most.
struct CommitExtra {
    std::function<void(Commit&)> work;
    std::uint64_t frames = 0;
};

/// One commit: makes room, writes the gap records and buffered messages, the acks, some refusals and the counts, and
/// does what is added to it. If it throws, everything is as it was before.
class Commit {
public:
    using Extra = CommitExtra;
    using Chunk = std::vector<const BufferedMessage*>;

    /// `now` is what gap records and the age of delivered messages go by.
    Commit(const CommitParts& parts, Stamp now) : parts_(parts), log_(parts.log), now_(now) {}
    ~Commit();
    Commit(const Commit&) = delete;
    Commit& operator=(const Commit&) = delete;

    enum class Outcome {
        done,
        again,  ///< making room was enough work for one commit: the messages are still in the buffer
    };

    /// Writes these messages of the buffer, which then leave it; under DropPolicy::newest, those that there is no room
    /// for become a gap. `closes`: it is the last commit of an orderly end. Throws StorageError.
    Outcome run(const Chunk& chunk, const Extra& extra = {}, bool closes = false);

    /// From the extra work: readings that were given up, which become a gap.
    void note(const GivenUp& given_up, const char* reason);

    /// From the extra work: another loss.
    void note(const GapKey& key, const Gap& gap) { GapBook::merge_into(losses_, key, gap); }

    /// Whether readings were given up or refused by the policy.
    bool pressed() const { return pressed_; }

    /// Whether room was made by giving up delivered messages alone.
    bool relieved() const { return relieved_; }

private:
    std::uint64_t pages_for(const Chunk& chunk) const;
    bool fits(std::uint64_t used, std::uint64_t pages) const;
    void make_room_in_wal(std::uint64_t pages, std::uint64_t extra_frames);
    bool make_room(std::uint64_t pages);
    Gap gap_of_row(const GivenUp& given_up) const;
    void tidy();
    bool is_expired(const RowHead& head) const;
    void refuse(const BufferedMessage& message);
    void write(const BufferedMessage& message);
    void write_row(const Number& number, const NewMessage& message);
    void commit(Transaction& transaction);
    void record_gaps();
    GapKey record_for(const GapKey& loss);
    void append_gap(const GapKey& key, const Gap& gap);
    void extend_gap(const GapKey& key, OpenGap open, const Gap& more);
    std::size_t refusals_at_once() const;
    void quarantine_refused();
    void quarantine(const RefusedMessage& refused);
    std::optional<RowHead> whole_row(std::int64_t position);
    void finish(const Chunk& chunk);
    void finish_refusals();
    void give_up_numbers();

    CommitParts parts_;
    Log& log_;
    Stamp now_;
    GapBook::Losses losses_;
    std::map<GapKey, OpenGap> records_;  ///< those that this commit writes
    std::vector<std::int64_t> dropped_;
    std::vector<std::int64_t> refused_;                           ///< that this commit has dealt with
    std::vector<std::pair<std::string, std::int64_t>> appended_;  ///< channel and position of new gap records
    bool in_doubt_ = false;  ///< it failed so that opening the file again may show that it was done
    bool begun_ = false, done_ = false, pressed_ = false, relieved_ = false, closed_ = false;
};

}  // namespace fieldlink
