#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/buffer.hpp"
#include "storage/commit.hpp"
#include "storage/error.hpp"
#include "storage/gap_book.hpp"
#include "storage/log.hpp"
#include "storage/numbering.hpp"
#include "storage/outbox.hpp"
#include "storage/salvage.hpp"
#include "storage/sending.hpp"
#include "storage/stride.hpp"

namespace fieldlink {

/// What happens to messages between append() and settle(), with a file, with one that fails, and without one.
///
/// outbox_core.cpp has the way of messages, outbox_core_file.cpp the life of the file, outbox_core_numbers.cpp how
/// numbers go on from one file to another, outbox_core_salvage.cpp what becomes of a damaged one, outbox_core_tools.cpp
/// what operators ask for.
class OutboxCore {
public:
    explicit OutboxCore(const OutboxOptions& options);
    ~OutboxCore();

    const Epoch& epoch() const { return numbering_.epoch(); }
    const std::string& trouble() const { return trouble_.empty() ? read_trouble_ : trouble_; }

    std::string take_remark() { return std::exchange(remark_, {}); }

    bool admits_all() const { return !pressed_; }
    bool admits(const std::string& channel, const std::string& sensor, Stamp taken);
    std::int64_t append(const std::vector<NewMessage>& messages);
    bool has_room_for_results() const;
    void lost(const Loss& loss);
    std::vector<StoredMessage> take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency);
    void settle(std::int64_t position);
    void give_back(const std::vector<std::int64_t>& positions);
    void connection_ended(const std::vector<std::int64_t>& given_back);
    void refuse(RefusedMessage refused);
    void set_online(bool online);
    void commit_acks();
    bool flush();
    std::chrono::milliseconds tend(Stamp now);
    void set_true_offset(std::chrono::milliseconds offset);
    std::optional<std::chrono::milliseconds> true_offset() const;
    OutboxStats stats() const;

    Page browse(const Range& range, std::int64_t from, std::size_t max_messages, std::size_t max_bytes);
    Progress replay(const Range& range, std::int64_t from);
    Progress purge(const Range& range, bool owed_too, std::int64_t from);

private:
    using milliseconds = std::chrono::milliseconds;
    static constexpr milliseconds kRetryOpen{5'000};

    // outbox_core.cpp
    bool is_deferred() const;
    bool has_losses() const { return !gaps_.losses().empty() || !refusals_.empty(); }
    std::int64_t present(std::int64_t position) const;
    void bound_buffer();
    void drop_from_buffer(std::int64_t position);
    void count_dropped(std::uint64_t readings, const std::string& reason);
    void settle_unknown(std::int64_t position);
    void settle_in_memory(const BufferedMessage& message);
    std::optional<Sending::Flight> flight_of(std::int64_t position, bool urgent);
    void relieve(std::uint64_t bytes);

    // outbox_core_file.cpp
    Log* readable_log() { return is_readable_ ? log_.get() : nullptr; }
    CommitParts commit_parts();
    bool write();
    void commit_buffer();
    void commit(const Commit::Chunk& chunk, const Commit::Extra& extra = {}, bool closes = false);
    void note_pressure(const Commit& commit);
    void sync();
    bool attempt(const std::function<void()>& work);
    void note_reading_failed(const StorageError& error);
    void note_reading_works();
    void failed(const StorageError& error);
    void open();
    OutboxFile open_file() const;
    void remark(const std::string& text);
    void attach(OutboxFile file, bool is_new);
    void shrink();
    void settle_again();
    void forget_what_is_stored();
    void detach();
    void try_at_once();
    void close();

    // outbox_core_numbers.cpp
    void continue_numbers(bool is_new_file);
    void reserve_positions();
    bool has_deferred_losses() const;
    std::int64_t account_for_deferred();

    // outbox_core_salvage.cpp
    void replace_file();
    void find_forgotten(Database& database);
    void keep_salvage();
    void note_unknown_loss();
    void resume_salvage();
    void salvage();
    void note_salvaged(Commit& commit, const Salvage::Piece& piece);
    std::int64_t last_to_be_salvaged() const;

    // outbox_core_tools.cpp
    milliseconds unix_time_of(const StoredMessage& message) const;
    Entry entry_of(StoredMessage message, bool owed, bool damaged) const;
    static bool is_in(const Range& range, const Entry& entry);
    std::optional<std::int64_t> next_stored(std::int64_t from);
    std::optional<Entry> entry_at(std::int64_t position);
    struct Found {
        std::vector<std::int64_t> positions;
        Progress progress;
    };
    using Wanted = std::function<bool(const Entry& entry)>;
    Found find(const Range& range, std::int64_t from, std::uint64_t max_rows, const Wanted& wanted);
    void replay_row(std::int64_t position);
    bool may_purge(const Entry& entry, bool owed_too) const;
    void purge_row(std::int64_t position, Commit& commit);
    void require_file() const;

    const OutboxOptions options_;
    Numbering numbering_;
    Buffer buffer_;
    GapBook gaps_;
    Sending sending_;
    Refusals refusals_;
    Stride stride_;
    std::unique_ptr<Log> log_;
    std::unique_ptr<Salvage> salvage_;
    std::vector<Salvage::Task> unnoted_;  ///< what is to be salvaged, and not yet written down in the present file
    Stamp now_;

    std::string trouble_;       ///< why the file fails
    std::string remark_;        ///< something that happened, to be told once
    std::string read_trouble_;  ///< why the file cannot be read, though it may be written
    bool is_readable_ = true;
    unsigned read_failures_ = 0;  ///< one after the other
    milliseconds read_again_{0};  ///< boot clock
    unsigned failures_ = 0;       ///< of writing, one after the other
    milliseconds try_again_{0};   ///< boot clock
    milliseconds sync_due_{0}, commit_due_{0};
    std::int64_t moved_by_ = 0;  ///< what positions changed by that were given out without a file
    bool online_ = false;
    bool pressed_ = false;                                 ///< readings are given up by policy at present
    bool is_closed_to_new_ = false;                        ///< under DropPolicy::newest
    std::vector<std::int64_t> unsaved_acks_;               ///< of messages on disk, since the last commit
    std::uint64_t relief_ = 0;                             ///< bytes delivered since
    std::uint64_t memory_acked_ = 0;                       ///< readings settled without a file
    std::map<std::string, std::uint64_t> memory_dropped_;  ///< and given up, by reason
    std::set<std::int64_t> acked_in_damaged_;              ///< of messages that are in the file that is being salvaged
    std::uint64_t salvaged_ = 0;                           ///< readings, from the file that is being salvaged
    std::optional<milliseconds> true_offset_;
};

}  // namespace fieldlink
