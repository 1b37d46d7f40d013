#include "daemon/control/peer.hpp"

#include <gmock/gmock.h>
#include <grp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fieldlink {
namespace {

constexpr uid_t kDaemon = 990, kOther = 1000;
constexpr gid_t kOperators = 800;

Peer peer(uid_t user, std::vector<gid_t> groups) {
    return {true, 1, user, std::move(groups)};
}

TEST(OperatorRights, AreThoseOfRootOfTheDaemonsUserAndOfTheGroup) {
    const OperatorRights rights(kDaemon, kOperators);

    EXPECT_TRUE(rights.allow(peer(0, {0})));
    EXPECT_TRUE(rights.allow(peer(kDaemon, {kDaemon})));
    EXPECT_TRUE(rights.allow(peer(kOther, {100, kOperators})));
    EXPECT_FALSE(rights.allow(peer(kOther, {100, 801})));
    EXPECT_FALSE(rights.allow(peer(kOther, {})));
}

TEST(OperatorRights, AreNobodysWhereThereIsNoGroup) {
    const OperatorRights rights(kDaemon, std::nullopt);

    EXPECT_TRUE(rights.allow(peer(0, {0})));
    EXPECT_FALSE(rights.allow(peer(kOther, {0, kOperators})));
}

TEST(OperatorRights, AreNotGivenToAnUnknownPeer) {
    // Its user would be 0.
    EXPECT_FALSE(OperatorRights(kDaemon, kOperators).allow(Peer()));
    EXPECT_FALSE(peer_of(-1).known);
}

/// Two connected sockets.
struct Pair {
    Pair() { ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends); }
    ~Pair() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    int ends[2];
};

std::vector<gid_t> own_groups() {
    std::vector<gid_t> groups(static_cast<std::size_t>(::getgroups(0, nullptr)));
    ::getgroups(static_cast<int>(groups.size()), groups.data());
    return groups;
}

TEST(Peer, HasItsSupplementaryGroups) {
    const std::vector<gid_t> before = own_groups();
    const std::vector<gid_t> some{4'242, 4'243};
    if (::geteuid() == 0) {
        ASSERT_EQ(::setgroups(some.size(), some.data()), 0);
    }
    const Pair sockets;
    const std::vector<gid_t> groups = own_groups();
    if (::geteuid() == 0) {
        ASSERT_EQ(::setgroups(before.size(), before.data()), 0);
    }

    const Peer peer = peer_of(sockets.ends[0]);

    EXPECT_TRUE(peer.known);
    EXPECT_EQ(peer.process, ::getpid());
    EXPECT_EQ(peer.user, ::geteuid());
    EXPECT_THAT(peer.groups, testing::IsSupersetOf(groups));
    EXPECT_THAT(peer.groups, testing::Contains(::getegid()));
}

}  // namespace
}  // namespace fieldlink
