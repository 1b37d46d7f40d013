#include "daemon/ctl/signals.hpp"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <sys/signalfd.h>
#include <unistd.h>

namespace fieldlink {

Signals::Signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGWINCH})
        sigaddset(&set, signal);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    descriptor_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Signals::~Signals() {
    ::close(descriptor_);
}

bool Signals::end_wanted() {
    signalfd_siginfo info{};
    while (::read(descriptor_, &info, sizeof info) == sizeof info)
        if (info.ssi_signo != SIGWINCH) return true;
    return false;
}

}  // namespace fieldlink
