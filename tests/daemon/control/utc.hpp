#pragma once

#include <cstdlib>
#include <ctime>

namespace fieldlink {

/// While it lives, local time is UTC.
class Utc {
public:
    Utc() {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
    ~Utc() {
        ::unsetenv("TZ");
        ::tzset();
    }
};

}  // namespace fieldlink
