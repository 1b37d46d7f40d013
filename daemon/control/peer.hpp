#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace fieldlink {

/// Who is at the other end of a Unix socket, as the kernel knows it from the moment of connecting.
struct Peer {
    bool known = false;  ///< else the kernel did not say, and nobody is taken for anybody
    pid_t process = 0;
    uid_t user = 0;
    std::vector<gid_t> groups;  ///< with the supplementary ones
};

Peer peer_of(int socket);

/// Who that is, for results and the journal: "local:root", "local:uid 1234" for a user without a name.
std::string local_name_of(const Peer& peer);

/// Who may change something through the control socket.
class OperatorRights {
public:
    /// The user of this process, and the group fieldlink-operators if there is one now.
    static OperatorRights of_this_process();

    OperatorRights(uid_t own_user, std::optional<gid_t> operators) : own_user_(own_user), operators_(operators) {}

    /// root, the daemon's own user (who can change the file anyway), and members of the group.
    bool allow(const Peer& peer) const;

private:
    uid_t own_user_;
    std::optional<gid_t> operators_;
};

/// The group of that name, if there is one.
std::optional<gid_t> group_named(const char* name);

}  // namespace fieldlink
