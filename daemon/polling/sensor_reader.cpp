#include "daemon/polling/sensor_reader.hpp"

#include <numeric>

#include "daemon/values/device_text.hpp"

namespace fieldlink {
namespace {

void close_object(std::string& json) {
    if (json.back() == ',')
        json.back() = '}';
    else
        json += '}';
}

}  // namespace

SensorReader::SensorReader(const SensorConfig& sensor)
    : codecs_(sensor.points.begin(), sensor.points.end()), all_points_(sensor.points.size()) {
    std::iota(all_points_.begin(), all_points_.end(), 0u);
}

void SensorReader::append(const std::vector<std::uint32_t>& points, const std::vector<fl_value>& values,
                          std::string& good, std::string& bad) const {
    for (std::size_t i = 0; i < points.size(); ++i)
        codecs_[points[i]].append(values[i], good, bad);
}

std::string SensorReader::members(const std::vector<std::uint32_t>& points, const std::vector<fl_value>& values) const {
    std::string json, errors;
    json.reserve(usual_size_);
    json += R"("values":{)";
    append(points, values, json, errors);
    close_object(json);
    if (!errors.empty()) {
        close_object(errors);
        json.append(R"(,"errors":{)").append(errors);
    }
    usual_size_ = json.size() + json.size() / 8;
    return json;
}

std::string SensorReader::values_object(const std::vector<std::uint32_t>& points,
                                        const std::vector<fl_value>& values) const {
    std::string json = "{", errors;
    append(points, values, json, errors);
    close_object(json);
    return json;
}

std::string SensorReader::single_value(const std::vector<std::uint32_t>& points,
                                       const std::vector<fl_value>& values) const {
    std::string json;
    if (points.size() == 1) codecs_[points.front()].append_value(values.front(), json);
    return json;
}

std::string SensorReader::error_members(std::uint32_t code, const std::string& message) {
    std::string json = R"("error":{"code":")" + std::string(error_name(code)) + R"(","message":)";
    append_device_text(json, message);
    return json + '}';
}

}  // namespace fieldlink
