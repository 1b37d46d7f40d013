#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "drivers/modbus/bus_settings.hpp"
#include "drivers/modbus/model.hpp"

namespace fieldlink {

/// How one transaction ended, named by what the caller does next.
enum class Answer {
    given,    ///< go on
    refused,  ///< the device said no to this request; ask for less, or report it for these points
    silent,   ///< nothing usable came; leave this device alone until its next poll
    gone,     ///< the line is unusable: give it back to the host, which opens it again
};

struct Exchange {
    Answer answer = Answer::given;
    std::uint32_t code = FL_CODE_NONE;
    std::string why;  ///< what came back; empty when all is well
};

/// Room for the largest answer. Which of the two is filled depends on the table.
struct Data {
    std::array<std::uint16_t, 125> registers;
    std::array<std::uint8_t, 2000> bits;  ///< one byte a bit, 0 or 1
};

/// Whom to ask, and how long to wait for the whole answer.
struct Target {
    unsigned unit;
    std::chrono::milliseconds timeout;
};

/// A line or socket with Modbus devices on it: one transaction at a time. [bus thread]
///
/// An answer that comes after its time is never taken for the answer to a later request, as far as the line can tell
/// them apart; where it cannot (a serial line numbers nothing) it says so by doubts().
class Line {
public:
    virtual ~Line() = default;

    /// FL_OK or FL_GONE, within the bus's timeout (plus the name service, for a host name).
    virtual Outcome open() = 0;
    virtual void close() = 0;

    virtual Exchange read(const Target& target, const Range& range, Data& data) = 0;

    /// Coils and holding registers. `silent` and `gone` leave open whether the device took it.
    virtual Exchange write(const Target& target, const Range& range, const Data& data) = 0;

    /// True after `unit` failed to answer in time on a line where its late answer could pass for the answer to the next
    /// request. The caller then asks for something whose answer cannot be mistaken, and calls trust() when it came.
    virtual bool doubts(unsigned unit) const = 0;
    virtual void trust(unsigned unit) = 0;
};

std::unique_ptr<Line> make_tcp_line(const TcpAddress& address, std::chrono::milliseconds timeout);
std::unique_ptr<Line> make_serial_line(const SerialSettings& settings);

}  // namespace fieldlink
