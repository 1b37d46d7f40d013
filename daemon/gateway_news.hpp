#pragma once

#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "daemon/message/reading.hpp"
#include "daemon/polling/bus.hpp"
#include "daemon/recorder.hpp"
#include "storage/message.hpp"

namespace fieldlink {

/// What the worker threads tell the net thread. Every call is made there: runners post.
class GatewayNews {
public:
    virtual ~GatewayNews() = default;

    virtual void on_readings(const Readings& readings) = 0;
    virtual void on_sensor_changed(const SensorChange& change) = 0;
    virtual void on_bus_changed(const BusChange& change) = 0;
    virtual void on_committed() = 0;
    virtual void on_taken(std::vector<StoredMessage> messages) = 0;
    virtual void on_storage_changed(const StorageStatus& status) = 0;
    virtual void on_worker_failed(const std::string& worker, const std::string& why) = 0;
};

}  // namespace fieldlink
