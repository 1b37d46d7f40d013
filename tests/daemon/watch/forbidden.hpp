#pragma once

#include <cstddef>
#include <functional>
#include <thread>

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

namespace fieldlink::test {

/// Runs `body` in a thread for which the system call NUMBER with this first argument fails with `error`, as a sandbox
/// (RestrictAddressFamilies=, SystemCallFilter=) makes it fail.
inline void where_forbidden(unsigned number, unsigned argument, unsigned error, const std::function<void()>& body) {
    std::thread thread([&] {
        sock_filter code[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, argument, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        const sock_fprog program{sizeof(code) / sizeof(code[0]), code};
        ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
        body();
    });
    thread.join();
}

}  // namespace fieldlink::test
