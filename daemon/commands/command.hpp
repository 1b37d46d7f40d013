#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/json/reader.hpp"
#include "storage/range.hpp"

namespace fieldlink {

/// What was sent on the commands channel, as far as its form goes: names are not looked up yet.
struct Command {
    std::string id;  ///< empty: none was given
    std::string type;
    std::optional<std::int64_t> expires;  ///< Unix ms by the service's clock
    std::string sensor;
    std::string point;                                        ///< empty: none was given
    std::vector<std::pair<std::string, std::string>> values;  ///< point and the JSON text of its new value
    std::optional<Range> replay;                              ///< of a replay: which messages
    std::string malformed;                                    ///< what is wrong with its form; empty if nothing is
};

/// Reads a command. Absent if it is none at all (no object with a string `type`): that is only counted. Unknown members
/// are ignored. A command whose `id` is not valid is malformed and has no id.
std::optional<Command> read_command(const JsonValue& message);

}  // namespace fieldlink
