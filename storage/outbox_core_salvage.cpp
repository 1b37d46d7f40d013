#include <algorithm>
#include <utility>

#include "storage/files.hpp"
#include "storage/moved_aside.hpp"
#include "storage/outbox_core.hpp"

namespace fieldlink {
namespace {

// Small, so that new readings never wait long.
constexpr std::size_t kPieceBytes = 48 * 1024;

}  // namespace

/// The damaged file is moved aside, and a new one begun.
void OutboxCore::replace_file() {
    if (log_) log_->database->keep_wal(true);
    detach();
    if (options_.for_tool) return;
    try_again_ = now_.boot + kRetryOpen;
    try {
        const std::string aside = move_aside(options_.path);
        salvage_ = std::make_unique<Salvage>(aside, 1, 0);
        std::vector<Salvage::Task> tasks = salvage_->tasks();
        unnoted_.insert(unnoted_.begin(), tasks.begin(), tasks.end());
        remark(trouble_ + "; it is now " + aside + ", and what is whole in it will be delivered");
        attach(open_file(), true);
        trouble_.clear();
    } catch (const StorageError& error) {
        detach();
        trouble_ = error.what();
    }
}

/// A start that was killed between moving a damaged file aside and writing that down leaves a new file without
/// anything.
void OutboxCore::find_forgotten(Database& database) {
    const bool is_unused = database.integer("SELECT last_position FROM ledger") == 0 &&
                           database.integer("SELECT count(*) FROM salvage") == 0;
    const std::string aside = is_unused ? not_salvaged(options_.path) : "";
    if (aside.empty()) return;
    salvage_ = std::make_unique<Salvage>(aside, 1, 0);
    unnoted_ = salvage_->tasks();
    remark_ = aside + ": it was moved aside and not looked through; what is whole in it will be delivered";
}

std::int64_t OutboxCore::last_to_be_salvaged() const {
    std::int64_t last = salvage_ ? salvage_->last_position() : 0;
    for (const Salvage::Task& task : unnoted_)
        last = std::max(last, task.last);
    return last;
}

/// A start that is killed goes on with it, therefore it is written down in the new file.
void OutboxCore::keep_salvage() {
    for (const auto& [name, last] : salvage_->channels())
        if (!numbering_.channels.last(name)) numbering_.channels.numbered(name, last);
    const auto note = [this](Commit&) {
        Statement insert(*log_->database, "INSERT INTO salvage(file, next, last) VALUES(?1, ?2, ?3)");
        for (const Salvage::Task& task : unnoted_)
            insert.run(task.file, task.next, task.last);
    };
    commit({}, {note, Budget::kFramesPerRemoval});
    unnoted_.clear();
    if (!salvage_->knows_what_is_owed()) note_unknown_loss();
}

void OutboxCore::note_unknown_loss() {
    Gap unknown;
    unknown.first = unknown.last = unknown.noticed = now_;
    gaps_.add({options_.default_channel, "", "corrupt", false}, unknown);
}

void OutboxCore::resume_salvage() {
    salvage_.reset();
    Statement select(*log_->database, "SELECT file, next, last FROM salvage ORDER BY id LIMIT 1");
    Rows rows = select.query();
    if (!rows.next()) return;
    salvage_ = std::make_unique<Salvage>(std::string(rows.bytes(0)), rows.integer(1), rows.integer(2));
    if (salvage_->can_be_read()) return;
    note_unknown_loss();
    remark(salvage_->file() + " cannot be opened; what was in it and undelivered is lost");
}

void OutboxCore::salvage() {
    const Salvage::Piece piece = salvage_->read(kPieceBytes);
    Commit::Chunk chunk;
    for (const BufferedMessage& message : piece.messages)
        if (acked_in_damaged_.count(message.number.position) == 0) chunk.push_back(&message);
    const auto note = [this, &piece](Commit& commit) { note_salvaged(commit, piece); };
    if (!attempt([&] { commit(chunk, {note, Budget::kFramesPerRemoval}); })) return;
    for (const BufferedMessage* message : chunk)
        sending_.owed_again(message->number.position);
    salvaged_ += piece.readings;
    salvage_->written(piece);
    if (!salvage_->is_last(piece)) return;
    remark(salvage_->file() + ": " + std::to_string(std::exchange(salvaged_, 0)) +
           " readings were whole and undelivered in it, and will be delivered");
    acked_in_damaged_.clear();
    attempt([this] { resume_salvage(); });
}

void OutboxCore::note_salvaged(Commit& commit, const Salvage::Piece& piece) {
    for (auto [key, gap] : piece.losses) {
        if (key.channel.empty()) key.channel = options_.default_channel;
        gap.noticed = now_;
        commit.note(key, gap);
    }
    log_->ledger.salvaged(piece.readings);
    for (const BufferedMessage& message : piece.messages)
        if (acked_in_damaged_.count(message.number.position) != 0)
            log_->ledger.acked_in_memory(message.content.readings);
    if (salvage_->is_last(piece)) mark_as_salvaged(salvage_->file());
    if (salvage_->is_last(piece))
        Statement(*log_->database, "DELETE FROM salvage WHERE file = ?1").run(salvage_->file());
    else
        Statement(*log_->database, "UPDATE salvage SET next = ?2 WHERE file = ?1").run(salvage_->file(), piece.next);
}

}  // namespace fieldlink
