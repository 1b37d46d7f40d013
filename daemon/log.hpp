#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

/// What an operator reads. To the journal with structured fields when stderr is connected to it ($JOURNAL_STREAM),
/// else as lines on stderr. Log a state change when it begins and when it ends, never a poll; no secret ever.
///
/// Debug messages are written only with $FIELDLINK_DEBUG set. Any thread. Never throws; a log that cannot be written is
/// given up.
namespace fieldlink::log {

enum class Level { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };  ///< syslog's numbers

/// A journal field, e.g. {"FIELDLINK_SENSOR", "boiler"}.
struct Field {
    std::string_view name;
    std::string_view value;
};
using Fields = std::initializer_list<Field>;

void write(Level level, std::string_view text, Fields fields = {});

inline void error(std::string_view text, Fields fields = {}) {
    write(Level::error, text, fields);
}
inline void warning(std::string_view text, Fields fields = {}) {
    write(Level::warning, text, fields);
}
inline void notice(std::string_view text, Fields fields = {}) {
    write(Level::notice, text, fields);
}
inline void info(std::string_view text, Fields fields = {}) {
    write(Level::info, text, fields);
}
inline void debug(std::string_view text, Fields fields = {}) {
    write(Level::debug, text, fields);
}

}  // namespace fieldlink::log
