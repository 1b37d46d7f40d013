#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/error.hpp"
#include "storage/message.hpp"

namespace fieldlink {

struct OutboxOptions {
    std::string path;
    std::uint64_t max_bytes = 0;  ///< of the files on disk: database and WAL
    std::string gateway;          ///< first part of every messageId
    std::string boot_id;          ///< /proc/sys/kernel/random/boot_id
    Stamp started;                ///< when this start of the daemon began
    bool live_first = true;       ///< else oldest first
};

struct OutboxStats {
    std::uint64_t owed_messages = 0, owed_readings = 0;
    std::uint64_t stored_messages = 0;
    std::uint64_t used_bytes = 0;  ///< pages in use
    std::uint64_t file_bytes = 0;  ///< database and WAL on disk
    std::uint64_t max_bytes = 0;
    std::uint64_t read_readings = 0, acked_readings = 0, dropped_readings = 0;  ///< since the file was made
    std::int64_t last_seq = 0;
};

/// The durable log of messages and the sequence intervals of it that are still owed.
///
/// [storage thread] only. A message is safe from the moment append() returns: neither SIGKILL nor loss of power takes
/// it back (WAL, synchronous FULL). Sequence numbers grow for ever and are never reused; an id is gateway:epoch:seq,
/// and the epoch is drawn at random by the constructor, so ids never come again even if the file is restored from a
/// copy. Delivered messages stay as history until the space is needed.
///
/// When the files would outgrow max_bytes, room is made before the commit: delivered messages go first, then the oldest
/// owed readings, and those become a gap record on their channel in the same commit.
class Outbox {
public:
    /// What every outbox, even one of 1 MiB, takes in one append(): bodies and names of sensors, and 256 bytes for each
    /// message.
    static constexpr std::size_t kMaxAppendBytes = 64 * 1024;

    /// What a message counts towards that.
    static std::size_t append_cost(const NewMessage& message);

    /// Opens or creates the log, and the last directory of its path if that is missing. If max_bytes is lower than it
    /// was, the file is shrunk to it first, and what does not fit any more becomes gap records. Throws StorageError if
    /// that is impossible, and if the file is in use, is no outbox or was written by a newer fieldlink; a file that is
    /// refused is left as it is.
    explicit Outbox(const OutboxOptions& options);
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    const std::string& epoch() const;

    /// Appends all in one commit, together with the acks since the last one, and returns the sequence number of the
    /// first (they are consecutive). Throws StorageError if the commit failed, or if the messages are far more than
    /// kMaxAppendBytes: then nothing of it was appended and the caller still holds the messages.
    std::int64_t append(const std::vector<NewMessage>& messages);

    /// Readings that were lost before they had a sequence number: a gap record on `loss.channel`, with the next
    /// append() or commit_acks().
    void lost(const Loss& loss);

    /// Takes the next owed messages for sending, at most `max_messages` and about `max_bytes` of body (at least one, if
    /// any is owed): gap records and results first, then by the order of the options (live first: what was appended
    /// since the last give_back(), then the backlog, oldest first). A taken message is not handed out again until
    /// give_back(). A message that damage has changed or removed is not handed out; it becomes a gap record. Cost does
    /// not depend on what is stored. Throws StorageError if the file cannot be read.
    std::vector<StoredMessage> take(std::size_t max_messages, std::size_t max_bytes);

    /// These were acked: they are no longer owed. Written with the next append() or by commit_acks(). Numbers that are
    /// not owed are ignored.
    void settle(const std::vector<std::int64_t>& seqs);

    /// The connection ended: whatever was taken and not settled is owed as before and may be taken again.
    void give_back();

    /// Commits acks, and losses, that wait for an append which may not come soon. Cheap when there are none. Throws
    /// StorageError; they then wait for the next commit.
    void commit_acks();

    OutboxStats stats() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fieldlink
