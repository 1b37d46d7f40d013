#include "drivers/simulated/fault.hpp"

#include <algorithm>

#include "drivers/driver_abi.h"

namespace fieldlink {
namespace {

struct Word {
    std::string_view word;
    std::uint32_t code;
};

constexpr Word kWords[] = {
    {"timeout", FL_CODE_TIMEOUT},
    {"refused", FL_CODE_REFUSED},
    {"illegal_address", FL_CODE_ILLEGAL_ADDRESS},
    {"illegal_value", FL_CODE_ILLEGAL_VALUE},
    {"device_failure", FL_CODE_DEVICE_FAILURE},
    {"crc", FL_CODE_CRC},
    {"disconnected", FL_CODE_DISCONNECTED},
    {"bad_frame", FL_CODE_BAD_FRAME},
    {"out_of_range", FL_CODE_OUT_OF_RANGE},
};

}  // namespace

std::optional<std::uint32_t> fault_code(std::string_view word) {
    const auto* found =
        std::find_if(std::begin(kWords), std::end(kWords), [&](const Word& row) { return row.word == word; });
    return found == std::end(kWords) ? std::nullopt : std::optional(found->code);
}

bool Fault::strikes() {
    if (settings_.code == FL_CODE_NONE) return false;
    ++polls_;
    if (settings_.every == 0) return settings_.length == 0 || polls_ <= settings_.length;
    const std::uint64_t length = std::max<std::uint64_t>(settings_.length, 1);
    return polls_ >= settings_.every && polls_ % settings_.every < length;
}

}  // namespace fieldlink
