#include "daemon/ctl/outbox/csv.hpp"

#include "daemon/ctl/outbox/iso_time.hpp"
#include "daemon/ctl/terminal_text.hpp"

namespace fieldlink {
namespace {

std::string field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

/// Strings without their quotes, everything else as it is written: a number must not change on its way.
std::string_view plain(JsonValue value) {
    return value.string().value_or(value.raw());
}

std::string error_text(JsonValue error) {
    const std::string code(error["code"].string().value_or("")), message(error["message"].string().value_or(""));
    return code.empty() || message.empty() ? code + message : code + ": " + message;
}

std::string time_text(JsonValue ts) {
    const auto time = ts.integer();
    return time ? iso_time(std::chrono::milliseconds(*time)) : "";
}

/// The rows of one message.
class Row {
public:
    Row(bool for_screen, std::string_view id, std::string& rows) : for_screen_(for_screen), id_(id), rows_(rows) {}

    void add(JsonValue reading, std::string_view point, std::string_view value, std::string_view error) const {
        rows_ += time_text(reading["ts"]);
        for (const std::string_view text : {plain(reading["sensor"]), point, value, error, id_})
            rows_ += ',' + field(for_screen_ ? for_terminal(text) : std::string(text));
        rows_ += "\r\n";
    }

private:
    bool for_screen_;
    std::string_view id_;
    std::string& rows_;
};

}  // namespace

std::string csv_header() {
    return "ts,sensor,point,value,error,messageId\r\n";
}

std::string csv_rows(JsonValue message, bool for_screen) {
    std::string rows;
    const Row row(for_screen, plain(message["messageId"]), rows);
    for (JsonValue reading = message["readings"].first(); reading.exists(); reading = reading.next()) {
        for (JsonValue value = reading["values"].first(); value.exists(); value = value.next())
            row.add(reading, value.name(), plain(value), "");
        for (JsonValue error = reading["errors"].first(); error.exists(); error = error.next())
            row.add(reading, error.name(), "", error_text(error));
        if (reading["error"].exists()) row.add(reading, "", "", error_text(reading["error"]));
    }
    return rows;
}

}  // namespace fieldlink
