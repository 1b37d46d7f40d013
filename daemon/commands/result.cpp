#include "daemon/commands/result.hpp"

#include "daemon/values/device_text.hpp"

namespace fieldlink {
const char* name_of(ResultStatus status) {
    switch (status) {
        case ResultStatus::done:
            return "done";
        case ResultStatus::rejected:
            return "rejected";
        case ResultStatus::failed:
            return "failed";
        case ResultStatus::expired:
            break;
    }
    return "expired";
}

ResultStatus status_of(BusAnswer::Status status) {
    switch (status) {
        case BusAnswer::Status::done:
            return ResultStatus::done;
        case BusAnswer::Status::failed:
            return ResultStatus::failed;
        case BusAnswer::Status::expired:
            break;
    }
    return ResultStatus::expired;
}

namespace {

void append_text(std::string& json, const char* key, const std::string& text) {
    if (text.empty()) return;
    json.append(json.size() > 1 ? ",\"" : "\"").append(key).append("\":");
    append_device_text(json, text);
}

void append_raw(std::string& json, const char* key, const std::string& value) {
    if (!value.empty()) json.append(",\"").append(key).append("\":").append(value);
}

std::string open_result(const Command& command, ResultStatus status) {
    std::string json = "{";
    append_text(json, "id", command.id);
    append_text(json, "type", command.type);
    append_text(json, "status", name_of(status));
    return json;
}

}  // namespace

std::string result_json(const Command& command, ResultStatus status, const std::string& message) {
    return result_json(command, status, {}, message);
}

std::string result_json(const Command& command, ResultStatus status, const std::string& value_json,
                        const std::string& message) {
    std::string json = open_result(command, status);
    append_raw(json, "value", value_json);
    append_text(json, "message", message);
    return json + '}';
}

std::string result_json(const Command& command, const BusAnswer& answer) {
    std::string json = open_result(command, status_of(answer.status));
    const bool whole_sensor = command.type == "read" && command.point.empty();
    if (!command.point.empty())
        append_raw(json, "value", answer.value);
    else
        append_raw(json, whole_sensor ? "value" : "values", answer.values);
    append_text(json, "message", answer.message);
    return json + '}';
}

}  // namespace fieldlink
