#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "daemon/json/reader.hpp"
#include "daemon/message/receipt.hpp"

namespace fieldlink {

/// Takes receipts from the commands channel. They are no commands: no rate, no result, no list of what is allowed; but
/// who may confirm may have messages forgotten, so they are taken only where uplink.confirm asks for them, and only
/// from senders in a commands.from that is not empty. All others are counted, and one line in ten minutes says so. Pure
/// except for that line: knows no clock.
class ReceiptDesk {
public:
    using Instant = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::minutes kLineEvery{10};
    static constexpr std::size_t kMaxIntervals = 4096;

    explicit ReceiptDesk(const Config& config);

    static bool is_receipt(const JsonValue& message);

    /// Absent: it is not taken.
    std::optional<Receipt> take(const JsonValue& message, std::string_view from, Instant now);

    std::uint64_t ignored() const { return ignored_; }      ///< not awaited, or of a sender who may not
    std::uint64_t malformed() const { return malformed_; }  ///< of one who may

private:
    void complain(const std::string& why, Instant now);

    bool are_awaited_;
    std::vector<std::string> from_;
    std::uint64_t ignored_ = 0, malformed_ = 0;
    std::optional<Instant> said_;
};

}  // namespace fieldlink
