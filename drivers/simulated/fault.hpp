#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fieldlink {

/// A fault on order: when it shows, and as what.
struct FaultSettings {
    std::uint32_t code = 0;    ///< FL_CODE_…; FL_CODE_NONE: never a fault
    std::uint64_t every = 0;   ///< each N-th poll starts a fault; 0: only the first one does
    std::uint64_t length = 0;  ///< polls that a fault lasts; 0: one with `every`, else for ever
};

/// The FL_CODE_… of an `error.code` of messages, e.g. "timeout".
std::optional<std::uint32_t> fault_code(std::string_view word);

/// Counts a sensor's polls and says which of them fail. Pure.
class Fault {
public:
    explicit Fault(const FaultSettings& settings) : settings_(settings) {}

    /// Once per poll: true if this one fails.
    bool strikes();

    std::uint32_t code() const { return settings_.code; }

private:
    FaultSettings settings_;
    std::uint64_t polls_ = 0;
};

}  // namespace fieldlink
