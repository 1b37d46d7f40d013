#pragma once

#include "config/config.hpp"

namespace fieldlink {

/// How many messages a configuration will make, results, gaps and events aside.
struct Prediction {
    double messages_per_second = 0;
    double messages_per_month = 0;  ///< of 30 days, for the plan's quota
};

/// An upper estimate from the sensors' periods and the limits of a batch: a batch on a channel is closed `max_age`
/// after its first reading, or earlier when it is full. With {sensor} in the telemetry channel, each sensor has batches
/// of its own. Pure.
Prediction predict(const Config& config);

}  // namespace fieldlink
