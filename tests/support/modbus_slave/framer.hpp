#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "tests/support/modbus_slave/request.hpp"

namespace fieldlink {

/// Cuts a stream of bytes into requests. Pure: time is an argument.
class Framer {
public:
    using Instant = std::chrono::steady_clock::time_point;

    explicit Framer(Framing framing) : framing_(framing) {}

    /// Takes what was received at `when`. On a serial line, the beginning of a request that was never finished is
    /// forgotten after 50 ms of silence, as a device on a real line would.
    void feed(const std::uint8_t* data, std::size_t size, Instant when);

    /// The next whole request, if there is one.
    std::optional<Bytes> next();

private:
    std::size_t wanted() const;

    Framing framing_;
    Bytes pending_;
    Instant last_;
};

}  // namespace fieldlink
