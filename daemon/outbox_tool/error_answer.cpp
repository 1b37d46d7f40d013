#include "daemon/outbox_tool/error_answer.hpp"

#include "daemon/values/device_text.hpp"

namespace fieldlink {

std::string error_answer(std::string_view text) {
    std::string json = R"({"ok":false,"error":)";
    append_device_text(json, text);
    return json + "}";
}

}  // namespace fieldlink
