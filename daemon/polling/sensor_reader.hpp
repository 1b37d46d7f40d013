#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "daemon/values/point_codec.hpp"
#include "drivers/driver_abi.h"

namespace fieldlink {

/// Turns a sensor's raw values into the JSON members of a reading.
class SensorReader {
public:
    explicit SensorReader(const SensorConfig& sensor);

    /// Indexes of all points: what a regular poll asks for.
    const std::vector<std::uint32_t>& all_points() const { return all_points_; }

    /// `"values":{…}`, with `,"errors":{…}` when points failed.
    std::string members(const std::vector<std::uint32_t>& points, const std::vector<fl_value>& values) const;

    /// `{…}`: the values alone.
    std::string values_object(const std::vector<std::uint32_t>& points, const std::vector<fl_value>& values) const;
    /// The value of a single point; empty if several were asked for or it has none.
    std::string single_value(const std::vector<std::uint32_t>& points, const std::vector<fl_value>& values) const;

    /// `"error":{"code":…,"message":…}`.
    static std::string error_members(std::uint32_t code, const std::string& message);

private:
    /// Both are runs of `"name":…,` with a comma at the end.
    void append(const std::vector<std::uint32_t>& points, const std::vector<fl_value>& values, std::string& good,
                std::string& bad) const;

    std::vector<PointCodec> codecs_;
    std::vector<std::uint32_t> all_points_;
    mutable std::size_t usual_size_ = 64;  ///< what the last reading took: the next one is allocated once
};

}  // namespace fieldlink
