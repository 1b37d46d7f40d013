#pragma once

#include <csignal>

#include <sys/resource.h>

namespace fieldlink {

/// While it lives, no file of this process grows beyond `bytes`: writing fails as on a failing disk.
class FilesEndAt {
public:
    explicit FilesEndAt(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        signal_before_ = ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FilesEndAt() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, signal_before_);
    }
    FilesEndAt(const FilesEndAt&) = delete;
    FilesEndAt& operator=(const FilesEndAt&) = delete;

private:
    rlimit before_{};
    sighandler_t signal_before_ = SIG_DFL;
};

}  // namespace fieldlink
