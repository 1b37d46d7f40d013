#include "daemon/control/peer.hpp"

#include <algorithm>
#include <array>

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fieldlink {
namespace {

constexpr const char* kOperators = "fieldlink-operators";

std::vector<gid_t> supplementary_groups(int socket) {
    socklen_t size = 0;
    // The kernel names the size that it needs.
    ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, nullptr, &size);
    std::vector<gid_t> groups(size / sizeof(gid_t));
    if (groups.empty()) return groups;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) return {};
    groups.resize(size / sizeof(gid_t));
    return groups;
}

}  // namespace

Peer peer_of(int socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    Peer peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return peer;
    peer.known = true;
    peer.process = credentials.pid;
    peer.user = credentials.uid;
    peer.groups = supplementary_groups(socket);
    peer.groups.push_back(credentials.gid);
    return peer;
}

std::string local_name_of(const Peer& peer) {
    if (!peer.known) return "local:unknown";
    std::array<char, 16 * 1024> buffer{};
    struct passwd entry {};
    struct passwd* found = nullptr;
    if (::getpwuid_r(peer.user, &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return "local:uid " + std::to_string(peer.user);
    return std::string("local:") + found->pw_name;
}

OperatorRights OperatorRights::of_this_process() {
    return {::geteuid(), group_named(kOperators)};
}

bool OperatorRights::allow(const Peer& peer) const {
    if (!peer.known) return false;
    if (peer.user == 0 || peer.user == own_user_) return true;
    return operators_ && std::find(peer.groups.begin(), peer.groups.end(), *operators_) != peer.groups.end();
}

std::optional<gid_t> group_named(const char* name) {
    std::array<char, 16 * 1024> buffer{};
    struct group entry {};
    struct group* found = nullptr;
    if (::getgrnam_r(name, &entry, buffer.data(), buffer.size(), &found) != 0 || !found) return std::nullopt;
    return found->gr_gid;
}

}  // namespace fieldlink
