#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/error.hpp"
#include "storage/message.hpp"
#include "storage/policy.hpp"
#include "storage/range.hpp"

namespace fieldlink {

struct OutboxOptions {
    std::string path;
    std::uint64_t max_bytes = 0;  ///< of the files on disk: database and WAL
    std::string gateway;          ///< first part of every messageId
    std::string boot_id;          ///< /proc/sys/kernel/random/boot_id
    Stamp started;                ///< when this start of the daemon began
    bool live_first = true;       ///< else oldest first
    DropPolicy when_full = DropPolicy::oldest;
    DurabilityMode durability = DurabilityMode::power;
    std::chrono::milliseconds keep_delivered{24 * 3'600'000};
    std::string default_channel;  ///< for gap records of losses whose channel nobody knows any more

    /// An operator's look at a file whose daemon does not run: the file is not created, keeps its size and its history,
    /// and is left alone if it is damaged. `path` suffices then.
    bool for_tool = false;
};

struct OutboxStats {
    std::uint64_t owed_messages = 0, owed_readings = 0;      ///< in memory ones as well
    std::uint64_t memory_messages = 0, memory_readings = 0;  ///< of them: not on disk
    std::uint64_t replay_owed_messages = 0;                  ///< of them: delivered before, and replayed
    std::uint64_t stored_messages = 0;                       ///< on disk
    std::uint64_t used_bytes = 0;                            ///< pages in use
    std::uint64_t file_bytes = 0;                            ///< database and WAL on disk
    std::uint64_t max_bytes = 0;
    std::uint64_t read_readings = 0, acked_readings = 0;  ///< since the file was made, as all that follow
    std::uint64_t dropped_readings = 0, quarantined_readings = 0;
    std::uint64_t replayed_readings = 0, salvaged_readings = 0;  ///< on the side
    std::map<std::string, std::uint64_t> dropped_by_reason;
    std::uint64_t thinned = 0;  ///< under DropPolicy::thin: every 2^thinned-th reading of a sensor is kept at present
    std::int64_t last_seq = 0;
    bool salvaging = false;  ///< a damaged file is being read, and messages of it may become owed
};

class OutboxCore;

/// The durable log of messages and the sequence intervals of it that are still owed.
///
/// [storage thread] only. With DurabilityMode::power a message is safe from the moment append() returns: neither
/// SIGKILL nor loss of power takes it back; see DurabilityMode for the others. Sequence numbers grow for ever and are
/// never reused; an id is gateway:epoch:seq, and the epoch is drawn at random by the constructor, so ids never come
/// again even if the file is restored from a copy. Delivered messages stay for `keep_delivered`, or until the space is
/// needed.
///
/// When the files would outgrow max_bytes, room is made before the commit: delivered messages go first, then what
/// `when_full` says, and that becomes a gap record on its channel in the same commit. Results and gap records are never
/// given up while they are owed.
///
/// No call fails because of the disk. Whatever befalls it, messages are numbered, handed out and settled as ever, from
/// memory, of which a bounded amount is used; trouble() says what is wrong, and tend() sees to it that it ends. A file
/// that is damaged is moved aside, and what is whole in it is delivered.
class Outbox {
public:
    /// What one append() may hold: bodies and names of sensors, and 256 bytes for each message. A larger message
    /// becomes a loss.
    static constexpr std::size_t kMaxAppendBytes = 64 * 1024;

    /// Opens or creates the log, and the last directory of its path if that is missing. If max_bytes is lower than it
    /// was, the file is shrunk to it first, and what does not fit any more becomes gap records. What cannot be opened
    /// is trouble(); a file that is in use, is no outbox or was written by a newer fieldlink is left as it is.
    explicit Outbox(const OutboxOptions& options);

    /// Writes what can be written.
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    const std::string& epoch() const;

    /// Why the file cannot be written or read at present, and what to do about it; empty if all is well.
    const std::string& trouble() const;

    /// What has happened since the last call that an operator should be told once; empty if nothing.
    std::string take_remark();

    /// Whether every reading should, so that admits() need not be asked: the usual case.
    bool admits_all() const;

    /// Whether a reading of this sensor should go into a message at all. One that should not counts as lost already; it
    /// is one that would have been given up at once. To be asked once for each reading.
    bool admits(const std::string& channel, const std::string& sensor, Stamp taken);

    /// Numbers the messages, and commits them together with the acks since the last commit. Returns the sequence number
    /// of the first (they are consecutive).
    std::int64_t append(const std::vector<NewMessage>& messages);

    /// Whether there is room for the result of one more command. Without it none should be executed.
    bool has_room_for_results() const;

    /// Readings that were lost before they had a sequence number: a gap record on `loss.channel`, with the next
    /// append() or commit_acks().
    void lost(const Loss& loss);

    /// Takes the next owed messages for sending, at most `max_messages` and about `max_bytes` of body (at least one, if
    /// any is owed): gap records and results first, then by the order of the options (live first: what was appended
    /// since the connection ended, then the backlog, oldest first). A taken message is not handed out again until it
    /// was given back. A message that damage has changed or removed is not handed out; it becomes a gap record. Cost
    /// does not depend on what is stored.
    std::vector<StoredMessage> take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency = Urgency::any);

    /// The messages at these positions were acked: they are no longer owed. Written with the next append() or by
    /// commit_acks(). Positions that are not owed are ignored.
    void settle(const std::vector<std::int64_t>& positions);

    /// These messages, taken and not settled, are owed as before and may be taken again; those that are not in flight
    /// are ignored, those that were refused as well.
    void give_back(const std::vector<std::int64_t>& positions);

    /// The connection ended: these messages are given back, and what is appended from now on is live. The others that
    /// are in flight stay so.
    void connection_ended(const std::vector<std::int64_t>& given_back);

    /// The service refuses these messages for good: they are not handed out again, and with a next append() or
    /// commit_acks() they are no longer owed. What did not arrive of each is counted as quarantined and becomes a gap
    /// record on its channel with the reason "refused"; until both are written in one commit, it is owed. The row
    /// stays as history, as that of a delivered message does. One that an operator had replayed was delivered before,
    /// so that nothing of it is lost. Gap records and results are never given up: they are given back. So is a message
    /// that damage has changed meanwhile, for take() to find. Messages that are not owed any more are ignored.
    void refuse(const std::vector<RefusedMessage>& messages);

    /// Whether there is a connection. Only DurabilityMode::deferred asks: without one, messages are written at once.
    void set_online(bool online);

    /// Commits acks, and losses, that wait for an append which may not come soon. Cheap when there are none.
    void commit_acks();

    /// Writes everything to disk. True if nothing is left in memory: it is there, or was acked.
    bool flush();

    /// Does what time asks for: writes what was deferred, tries again what failed, goes on with salvaging. Returns when
    /// to call it again.
    std::chrono::milliseconds tend(Stamp now);

    /// What the true time is: Unix time minus boot clock. Kept for the messages of this boot that are sent in a later
    /// one.
    void set_true_offset(std::chrono::milliseconds offset);

    /// What was set last, be it in an earlier run of the daemon in this boot.
    std::optional<std::chrono::milliseconds> true_offset() const;

    /// Numbered messages in the order they were stored, those in memory last; see Page. At most `max_messages` and
    /// about `max_bytes` of body in one piece. Throws StorageError if the file cannot be read.
    Page browse(const Range& range, std::int64_t from, std::size_t max_messages, std::size_t max_bytes);

    /// Makes delivered messages of `range` owed again, under their old ids and marked as replayed; see Progress. Each
    /// piece is committed. Throws StorageError.
    Progress replay(const Range& range, std::int64_t from);

    /// Removes the messages of `range`: delivered ones, and if `owed_too` those that are owed as well, which become gap
    /// records with the reason "purged"; see Progress. Each piece is committed. Results and gap records that are owed
    /// stay. Throws StorageError.
    Progress purge(const Range& range, bool owed_too, std::int64_t from);

    OutboxStats stats() const;

private:
    std::unique_ptr<OutboxCore> core_;
};

}  // namespace fieldlink
