#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/message.hpp"

namespace fieldlink {

/// The values of a sensor's points taken at one time, or the error that stood in their place; already encoded, so that
/// the threads behind the bus copy text and look at no value again.
struct Reading {
    std::string sensor;
    Stamp taken;
    std::string members;  ///< JSON members: `"values":{…}`, `"values":{…},"errors":{…}` or `"error":{…}`
};

/// What one bus read in one go. Shared between threads that only look at it.
using Readings = std::shared_ptr<const std::vector<Reading>>;

/// What it takes in memory, for the bounds of queues.
inline std::size_t memory_of(const Reading& reading) {
    return sizeof(Reading) + reading.sensor.size() + reading.members.size();
}

inline std::size_t memory_of(const Readings& readings) {
    std::size_t bytes = 0;
    for (const Reading& reading : *readings)
        bytes += memory_of(reading);
    return bytes;
}

}  // namespace fieldlink
