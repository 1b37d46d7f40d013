#include "storage/channels.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

// A channel that is not in use any more is kept for its `prev`; so many are.
constexpr std::int64_t kMaxChannels = 1024;

}  // namespace

std::optional<Previous> Channels::last(const std::string& name) const {
    const auto channel = channels_.find(name);
    return channel == channels_.end() ? std::nullopt : channel->second.last;
}

void Channels::numbered(const std::string& name, const Previous& message) {
    Channel& channel = channels_[name];
    if (committing_) before_.try_emplace(name, channel);
    channel.last = message;
    unsaved_.insert(name);
}

void Channels::begin() {
    before_.clear();
    committing_ = true;
}

void Channels::save() {
    for (const std::string& name : unsaved_) {
        const std::int64_t id = id_of(name);
        const Previous last = channels_[name].last.value_or(Previous{});
        save_->run(id, name, last.epoch, last.seq);
    }
}

void Channels::committed() {
    unsaved_.clear();
    committing_ = false;
}

void Channels::rolled_back() {
    for (const auto& [name, channel] : before_)
        channels_[name].last = channel.last;
    committing_ = false;
}

void Channels::prune(Database& database) {
    // No stored message is on a channel whose last one is older than all of them. That compares a seq with positions,
    // so it must be certain that these are the same.
    Statement erase(database, R"(
DELETE FROM channel WHERE id IN (SELECT id FROM channel ORDER BY last_seq DESC LIMIT -1 OFFSET ?1)
  AND last_seq < coalesce((SELECT position FROM message ORDER BY position LIMIT 1), 9223372036854775807)
  AND last_seq < coalesce((SELECT position FROM urgent ORDER BY position LIMIT 1), 9223372036854775807)
  AND NOT EXISTS (SELECT 1 FROM epoch WHERE seq_offset <> 0))");
    erase.run(kMaxChannels);
}

void Channels::load(Database& database) {
    unload();
    for (auto& [name, channel] : channels_) {
        channel.id = 0;
        unsaved_.insert(name);
    }
    Statement select(database, "SELECT id, name, last_epoch, last_seq FROM channel");
    Rows rows = select.query();
    while (rows.next()) {
        const std::string name(rows.bytes(1));
        const auto [known, is_new] = channels_.try_emplace(name);
        known->second.id = rows.integer(0);
        if (is_new && rows.integer(3) != 0) known->second.last = Previous{std::string(rows.bytes(2)), rows.integer(3)};
        names_[rows.integer(0)] = name;
        next_id_ = std::max(next_id_, rows.integer(0) + 1);
    }
    // Last: it keeps the file open, and until here the file may turn out to be damaged.
    save_.emplace(database,
                  "INSERT INTO channel VALUES(?1, ?2, ?3, ?4) "
                  "ON CONFLICT(id) DO UPDATE SET last_epoch = excluded.last_epoch, last_seq = excluded.last_seq");
}

void Channels::unload() {
    save_.reset();
    names_.clear();
    next_id_ = 1;
}

std::int64_t Channels::id_of(const std::string& name) {
    Channel& channel = channels_[name];
    if (channel.id == 0) {
        channel.id = next_id_++;
        names_[channel.id] = name;
        unsaved_.insert(name);
    }
    return channel.id;
}

const std::string& Channels::name_of(std::int64_t id) const {
    static const std::string kNone;
    const auto name = names_.find(id);
    return name == names_.end() ? kNone : name->second;
}

}  // namespace fieldlink
