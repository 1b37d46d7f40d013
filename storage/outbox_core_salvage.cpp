#include <utility>

#include "storage/outbox_core.hpp"

namespace fieldlink {
namespace {

// Small, so that new readings never wait long.
constexpr std::size_t kPieceBytes = 48 * 1024;

}  // namespace

/// A start that is killed goes on with it, therefore it is written down in the new file.
void OutboxCore::keep_salvage() {
    for (const auto& [name, last] : salvage_->channels())
        if (!numbering_.channels.last(name)) numbering_.channels.numbered(name, last);
    const auto note = [this](Commit&) {
        Statement(*log_->database, "INSERT INTO salvage(file, next, last) VALUES(?1, ?2, ?3)")
            .run(salvage_->file(), salvage_->next(), salvage_->last_position());
    };
    commit({}, {note, Budget::kFramesPerRemoval});
    if (salvage_->knows_what_is_owed()) return;
    Gap unknown;
    unknown.first = unknown.last = unknown.noticed = now_;
    gaps_.add({options_.default_channel, "", "corrupt", false}, unknown);
}

void OutboxCore::resume_salvage() {
    salvage_.reset();
    Statement select(*log_->database, "SELECT file, next, last FROM salvage ORDER BY id LIMIT 1");
    Rows rows = select.query();
    if (rows.next()) salvage_ = std::make_unique<Salvage>(std::string(rows.bytes(0)), rows.integer(1), rows.integer(2));
}

void OutboxCore::salvage() {
    const Salvage::Piece piece = salvage_->read(kPieceBytes);
    for (const auto& [key, gap] : piece.losses) {
        GapKey placed = key;
        if (placed.channel.empty()) placed.channel = options_.default_channel;
        gaps_.add(placed, gap);
    }
    Commit::Chunk chunk;
    for (const BufferedMessage& message : piece.messages)
        if (acked_in_damaged_.count(message.number.position) == 0) chunk.push_back(&message);
    const auto note = [this, &piece](Commit& commit) { note_salvaged(commit, piece); };
    if (!attempt([&] { commit(chunk, {note, Budget::kFramesPerRemoval}); })) return;
    for (const BufferedMessage* message : chunk)
        sending_.owed_again(message->number.position);
    salvaged_ += piece.readings;
    if (!salvage_ || !salvage_->is_through()) return;
    remark(salvage_->file() + ": " + std::to_string(std::exchange(salvaged_, 0)) +
           " readings were whole and undelivered in it, and will be delivered");
    acked_in_damaged_.clear();
    attempt([this] { resume_salvage(); });
}

void OutboxCore::note_salvaged(Commit&, const Salvage::Piece& piece) {
    log_->ledger.salvaged(piece.readings);
    for (const BufferedMessage& message : piece.messages)
        if (acked_in_damaged_.count(message.number.position) != 0)
            log_->ledger.acked_in_memory(message.content.readings);
    if (salvage_->is_through())
        Statement(*log_->database, "DELETE FROM salvage WHERE file = ?1").run(salvage_->file());
    else
        Statement(*log_->database, "UPDATE salvage SET next = ?2 WHERE file = ?1")
            .run(salvage_->file(), salvage_->next());
}

}  // namespace fieldlink
