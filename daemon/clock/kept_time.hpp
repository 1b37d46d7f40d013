#pragma once

#include <chrono>
#include <string>

namespace fieldlink {

/// A server's time, kept in a file over restarts and losses of power, for devices without a battery clock: by it an
/// expired certificate is known as expired although the clock stands at 1970.
///
/// Any one thread; the calls read and write the disk.
class KeptTime {
public:
    /// The file need not exist. Throws nothing: what cannot be read, or is no time, counts as 0.
    explicit KeptTime(std::string path);

    /// The latest time that is known to have been kept (Unix); 0 if none was.
    std::chrono::seconds value() const { return value_; }

    /// Keeps `time` if it is at least an hour later than value(): the flash is spared, and it never goes back. Written
    /// to a file beside it that takes its place, so that a loss of power leaves the old or the new one. False if it
    /// could not be written; value() then stays, and errno says why.
    bool keep(std::chrono::seconds time);

private:
    std::string path_;
    std::chrono::seconds value_{0};
};

}  // namespace fieldlink
