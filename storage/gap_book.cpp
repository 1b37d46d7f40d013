#include "storage/gap_book.hpp"

namespace fieldlink {

void GapBook::merge_into(Losses& losses, const GapKey& key, const Gap& gap) {
    const auto [loss, is_new] = losses.try_emplace(key, gap);
    if (is_new)
        limit_sensors(loss->second);
    else
        merge(loss->second, gap);
}

std::optional<OpenGap> GapBook::open(const GapKey& key) const {
    const auto record = open_.find(key);
    return record == open_.end() ? std::nullopt : std::optional(record->second);
}

GapKey GapBook::shared(const GapKey& key, const std::string& epoch) {
    if (shared_channel_.empty()) shared_channel_ = key.channel;
    return {shared_channel_, epoch, key.reason, false};
}

void GapBook::freeze(std::int64_t position) {
    const auto key = key_of_.find(position);
    if (key == key_of_.end()) return;
    open_.erase(key->second);
    key_of_.erase(key);
}

void GapBook::freeze_all() {
    open_.clear();
    key_of_.clear();
}

void GapBook::recorded(const std::map<GapKey, OpenGap>& records) {
    for (const auto& [key, record] : records) {
        open_.insert_or_assign(key, record);
        key_of_.insert_or_assign(record.position, key);
    }
    losses_.clear();
}

}  // namespace fieldlink
