#pragma once

#include <memory>

#include <modbus/modbus.h>

#include "tests/support/modbus_slave/request.hpp"

namespace fieldlink {

/// libmodbus' server side as a function from request to answer.
///
/// libmodbus reads and writes a descriptor of its own choosing and, on a serial line, listens for one unit only. Here
/// it speaks over a socket pair instead, so that one process serves many units, answers can be delayed without delaying
/// others, and whatever goes onto the line can be seen first.
class Codec {
public:
    /// Throws std::system_error.
    explicit Codec(Framing framing);
    ~Codec();
    Codec(const Codec&) = delete;
    Codec& operator=(const Codec&) = delete;

    /// Carries the request out on `mapping` and returns the answer as it goes on the wire; empty where a device stays
    /// silent (wrong CRC, broadcast). With `exception` not 0 nothing is carried out and the answer is that exception.
    Bytes answer(const Bytes& request, modbus_mapping_t* mapping, int exception);

private:
    struct Free {
        void operator()(modbus_t* context) const { modbus_free(context); }
    };
    Bytes read_back();

    Framing framing_;
    std::unique_ptr<modbus_t, Free> context_;
    int ours_ = -1, theirs_ = -1;
};

}  // namespace fieldlink
