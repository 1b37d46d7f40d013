#include "daemon/uplink/charges.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

bool same(const Charges::Item& a, const Charges::Item& b) {
    return a.position == b.position && a.part == b.part;
}

}  // namespace

bool Charges::charge(const Item& item, const std::string& channel, std::uint64_t connection) {
    const auto is_it = [&item](const Charge& charge) { return same(charge.item, item); };
    const auto known = std::find_if(charges_.begin(), charges_.end(), is_it);
    if (known == charges_.end()) {
        if (charges_.size() >= kMost) charges_.pop_front();
        charges_.push_back({item, channel, connection, false});
        return false;
    }
    if (!known->acked_since || known->connection == connection) return false;
    charges_.erase(known);
    return true;
}

void Charges::acked(const Item& item, const std::string& channel) {
    charges_.remove_if([&item](const Charge& charge) { return same(charge.item, item); });
    for (Charge& charge : charges_)
        if (charge.channel == channel && charge.item.position != item.position) charge.acked_since = true;
}

}  // namespace fieldlink
