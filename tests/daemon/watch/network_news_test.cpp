#include "daemon/watch/network_news.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

namespace fieldlink::test {
namespace {

/// A datagram with one message, as the kernel lays it out.
template <class Body>
std::vector<nlmsghdr> message(int type, const Body& body, const std::vector<char>& attributes = {}) {
    const std::size_t size = NLMSG_LENGTH(sizeof(Body)) + attributes.size();
    std::vector<nlmsghdr> datagram(size / sizeof(nlmsghdr) + 1);
    datagram[0].nlmsg_len = static_cast<unsigned>(size);
    datagram[0].nlmsg_type = static_cast<unsigned short>(type);
    char* const at = reinterpret_cast<char*>(datagram.data() + 1);
    std::memcpy(at, &body, sizeof(body));
    std::copy(attributes.begin(), attributes.end(), at + sizeof(body));
    return datagram;
}

bool take(NetworkNews& news, const std::vector<nlmsghdr>& datagram) {
    return news.take(datagram.data(), datagram[0].nlmsg_len);
}

ifinfomsg link(unsigned flags) {
    ifinfomsg body{};
    body.ifi_index = 3;
    body.ifi_flags = flags;
    return body;
}

std::vector<nlmsghdr> address(int type, char last_byte, unsigned char flags = 0) {
    ifaddrmsg body{};
    body.ifa_family = AF_INET;
    body.ifa_index = 3;
    body.ifa_flags = flags;
    std::vector<char> attribute(8);
    const rtattr head{8, IFA_ADDRESS};
    std::memcpy(attribute.data(), &head, sizeof(head));
    attribute[7] = last_byte;
    return message(type, body, attribute);
}

TEST(NetworkNews, TakesALinkForNewsOnceItIsUpAndRunning) {
    NetworkNews news;
    EXPECT_FALSE(take(news, message(RTM_NEWLINK, link(IFF_UP))));
    EXPECT_TRUE(take(news, message(RTM_NEWLINK, link(IFF_UP | IFF_RUNNING))));
    EXPECT_FALSE(take(news, message(RTM_NEWLINK, link(IFF_UP | IFF_RUNNING)))) << "the kernel repeats itself";
    EXPECT_FALSE(take(news, message(RTM_NEWLINK, link(IFF_UP))));
    EXPECT_TRUE(take(news, message(RTM_NEWLINK, link(IFF_UP | IFF_RUNNING))));
}

TEST(NetworkNews, TakesAnAddressForNewsOnlyWhenItComesAndGoes) {
    NetworkNews news;
    EXPECT_TRUE(take(news, address(RTM_NEWADDR, 7)));
    EXPECT_FALSE(take(news, address(RTM_NEWADDR, 7))) << "only its lifetime was renewed";
    EXPECT_TRUE(take(news, address(RTM_NEWADDR, 8)));
    EXPECT_TRUE(take(news, address(RTM_DELADDR, 7)));
    EXPECT_TRUE(take(news, address(RTM_NEWADDR, 7)));
}

TEST(NetworkNews, WaitsUntilAnAddressMayBeUsed) {
    NetworkNews news;
    EXPECT_FALSE(take(news, address(RTM_NEWADDR, 7, IFA_F_TENTATIVE)));
    EXPECT_TRUE(take(news, address(RTM_NEWADDR, 7)));
}

TEST(NetworkNews, TakesARouteForNewsUnlessItIsTheMachinesOwn) {
    NetworkNews news;
    rtmsg route{};
    route.rtm_type = RTN_UNICAST;
    EXPECT_TRUE(take(news, message(RTM_NEWROUTE, route)));
    EXPECT_FALSE(take(news, message(RTM_DELROUTE, route)));
    route.rtm_type = RTN_LOCAL;
    EXPECT_FALSE(take(news, message(RTM_NEWROUTE, route)));
}

TEST(NetworkNews, ReadsNothingBeyondADatagramThatIsCutShort) {
    NetworkNews news;
    const auto whole = address(RTM_NEWADDR, 7);
    for (std::size_t size = 0; size < whole[0].nlmsg_len; ++size) {
        const std::vector<char> bytes(reinterpret_cast<const char*>(whole.data()),
                                      reinterpret_cast<const char*>(whole.data()) + size);
        EXPECT_FALSE(news.take(bytes.data(), bytes.size())) << size;
        auto lying = message(RTM_NEWADDR, ifaddrmsg{});
        lying[0].nlmsg_len = static_cast<unsigned>(size);
        news.take(lying.data(), size);
    }
}

TEST(NetworkNews, FindsTheNewsAmongSeveralMessages) {
    NetworkNews news;
    auto datagram = message(RTM_DELROUTE, rtmsg{});
    datagram.resize(NLMSG_ALIGN(datagram[0].nlmsg_len) / sizeof(nlmsghdr) + 1);
    std::vector<char> both(NLMSG_ALIGN(datagram[0].nlmsg_len));
    std::memcpy(both.data(), datagram.data(), datagram[0].nlmsg_len);
    const auto second = address(RTM_NEWADDR, 9);
    const char* const bytes = reinterpret_cast<const char*>(second.data());
    both.insert(both.end(), bytes, bytes + second[0].nlmsg_len);
    EXPECT_TRUE(news.take(both.data(), both.size()));
}

}  // namespace
}  // namespace fieldlink::test
