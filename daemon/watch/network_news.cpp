#include "daemon/watch/network_news.hpp"

#include <utility>

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

namespace fieldlink {
namespace {

/// Routes to the machine itself and to everybody come with each address, and say nothing of their own.
bool is_new_way(const void* body, std::size_t size) {
    if (size < sizeof(rtmsg)) return false;
    const auto* const route = static_cast<const rtmsg*>(body);
    return route->rtm_type == RTN_UNICAST && (route->rtm_flags & RTM_F_CLONED) == 0;
}

/// Which address on which interface it is, as bytes.
std::string key_of(const ifaddrmsg& message, std::size_t size) {
    std::string key(reinterpret_cast<const char*>(&message.ifa_index), sizeof(message.ifa_index));
    auto left = static_cast<unsigned>(size - NLMSG_ALIGN(sizeof(ifaddrmsg)));
    const auto* attribute =
        reinterpret_cast<const rtattr*>(reinterpret_cast<const char*>(&message) + NLMSG_ALIGN(sizeof(ifaddrmsg)));
    for (; left >= sizeof(rtattr) && attribute->rta_len >= sizeof(rtattr) && attribute->rta_len <= left;) {
        const auto* const bytes = reinterpret_cast<const char*>(attribute);
        if (attribute->rta_type == IFA_ADDRESS || attribute->rta_type == IFA_LOCAL)
            key.append(bytes, attribute->rta_len);
        const unsigned step = RTA_ALIGN(attribute->rta_len);
        if (step >= left) break;
        left -= step;
        attribute = reinterpret_cast<const rtattr*>(bytes + step);
    }
    return key;
}

}  // namespace

bool NetworkNews::take(const void* datagram, std::size_t size) {
    bool news = false;
    const auto* at = static_cast<const char*>(datagram);
    while (size >= sizeof(nlmsghdr)) {
        const auto* const header = reinterpret_cast<const nlmsghdr*>(at);
        if (header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > size) break;
        const void* const body = at + NLMSG_HDRLEN;
        const std::size_t length = header->nlmsg_len - NLMSG_HDRLEN;
        const auto type = header->nlmsg_type;
        if (type == RTM_NEWLINK || type == RTM_DELLINK) news |= take_link(body, length, type == RTM_DELLINK);
        if (type == RTM_NEWADDR || type == RTM_DELADDR) news |= take_address(body, length, type == RTM_DELADDR);
        if (type == RTM_NEWROUTE) news |= is_new_way(body, length);
        const std::size_t step = NLMSG_ALIGN(header->nlmsg_len);
        if (step >= size) break;
        at += step;
        size -= step;
    }
    return news;
}

bool NetworkNews::take_link(const void* body, std::size_t size, bool gone) {
    if (size < sizeof(ifinfomsg)) return false;
    const auto* const link = static_cast<const ifinfomsg*>(body);
    if (gone) return links_.erase(link->ifi_index), false;
    const bool is_up = (link->ifi_flags & IFF_UP) != 0 && (link->ifi_flags & IFF_RUNNING) != 0;
    const bool was_up = std::exchange(links_[link->ifi_index], is_up);
    return is_up && !was_up;
}

bool NetworkNews::take_address(const void* body, std::size_t size, bool gone) {
    if (size < NLMSG_ALIGN(sizeof(ifaddrmsg))) return false;
    const auto* const address = static_cast<const ifaddrmsg*>(body);
    const std::string key = key_of(*address, size);
    if (gone) return addresses_.erase(key), true;
    // Tentative: the kernel still asks whether somebody else has it, and lets nobody use it meanwhile.
    const bool is_usable = (address->ifa_flags & IFA_F_TENTATIVE) == 0;
    const auto [known, is_new] = addresses_.try_emplace(key, is_usable);
    if (is_new) return is_usable;
    const bool was_usable = std::exchange(known->second, is_usable);
    return is_usable && !was_usable;
}

void NetworkNews::forget() {
    links_.clear();
    addresses_.clear();
}

}  // namespace fieldlink
