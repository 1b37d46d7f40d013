#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

namespace fieldlink {

/// While it lives, this process connects as a user without rights, even under root.
class WithoutRights {
public:
    WithoutRights() {
        if (::geteuid() == 0) {
            EXPECT_EQ(::seteuid(kNobody), 0);
        }
    }
    ~WithoutRights() {
        if (::getuid() == 0) {
            EXPECT_EQ(::seteuid(0), 0);
        }
    }

private:
    static constexpr uid_t kNobody = 65534;
};

}  // namespace fieldlink
