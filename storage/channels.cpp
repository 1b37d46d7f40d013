#include "storage/channels.hpp"

#include <algorithm>
#include <utility>

namespace fieldlink {
namespace {

// A channel that is not in use any more is kept for its `prev`; so many are.
constexpr std::int64_t kMaxChannels = 1024;

}  // namespace

Channels::Channels(Database& database)
    : save_(database,
            "INSERT INTO channel VALUES(?1, ?2, ?3, ?4) "
            "ON CONFLICT(id) DO UPDATE SET last_epoch = excluded.last_epoch, last_seq = excluded.last_seq") {
    prune(database);
    Statement select(database, "SELECT id, name, last_epoch, last_seq FROM channel");
    Rows rows = select.query();
    while (rows.next()) {
        const std::string name(rows.bytes(1));
        channels_[name] = {rows.integer(0), std::string(rows.bytes(2)), rows.integer(3)};
        names_[rows.integer(0)] = name;
        next_id_ = std::max(next_id_, rows.integer(0) + 1);
    }
}

void Channels::prune(Database& database) {
    // No stored message is on a channel whose last one is older than all of them.
    Statement erase(database, R"(
DELETE FROM channel WHERE id IN (SELECT id FROM channel ORDER BY last_seq DESC LIMIT -1 OFFSET ?1)
  AND last_seq < coalesce((SELECT seq FROM message ORDER BY seq LIMIT 1), 9223372036854775807)
  AND last_seq < coalesce((SELECT seq FROM urgent ORDER BY seq LIMIT 1), 9223372036854775807))");
    erase.run(kMaxChannels);
}

Channel Channels::find(const std::string& name) const {
    if (const auto changed = changed_.find(name); changed != changed_.end()) return changed->second;
    if (const auto known = channels_.find(name); known != channels_.end()) return known->second;
    return {next_id_ + static_cast<std::int64_t>(changed_.size()), "", 0};
}

const std::string& Channels::name_of(std::int64_t id) const {
    static const std::string kNone;
    const auto name = names_.find(id);
    return name == names_.end() ? kNone : name->second;
}

void Channels::change(const std::string& name, Channel channel) {
    changed_[name] = std::move(channel);
}

void Channels::save() {
    for (const auto& [name, channel] : changed_)
        save_.run(channel.id, name, channel.last_epoch, channel.last_seq);
}

void Channels::committed() {
    for (auto& [name, channel] : changed_) {
        next_id_ = std::max(next_id_, channel.id + 1);
        names_[channel.id] = name;
        channels_[name] = std::move(channel);
    }
    changed_.clear();
}

void Channels::rolled_back() {
    changed_.clear();
}

}  // namespace fieldlink
