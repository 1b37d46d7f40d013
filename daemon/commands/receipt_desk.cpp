#include "daemon/commands/receipt_desk.hpp"

#include "daemon/commands/sender.hpp"
#include "daemon/log.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kMaxEpoch = 64;

/// An array of exactly two numbers, the first not above the second.
bool read_interval(JsonValue interval, Receipt& receipt) {
    if (!interval.is_array()) return false;
    const auto first = interval.first().integer(), last = interval.first().next().integer();
    if (!first || !last || interval.first().next().next().exists()) return false;
    if (*first < 0 || *first > *last || receipt.seqs.size() >= ReceiptDesk::kMaxIntervals) return false;
    receipt.seqs.emplace_back(*first, *last);
    return true;
}

std::optional<Receipt> read_receipt(JsonValue message) {
    const auto epoch = message["epoch"].string();
    const JsonValue seqs = message["seqs"];
    if (!epoch || epoch->empty() || epoch->size() > kMaxEpoch || !seqs.is_array()) return std::nullopt;
    Receipt receipt{std::string(*epoch), {}};
    for (JsonValue interval = seqs.first(); interval.exists(); interval = interval.next())
        if (!read_interval(interval, receipt)) return std::nullopt;
    return receipt;
}

}  // namespace

ReceiptDesk::ReceiptDesk(const Config& config)
    : are_awaited_(config.uplink.confirm == Confirm::receipt), from_(config.commands.from) {}

bool ReceiptDesk::is_receipt(const JsonValue& message) {
    return message["type"].string() == "receipt";
}

std::optional<Receipt> ReceiptDesk::take(const JsonValue& message, std::string_view from, Instant now) {
    const bool may = !from_.empty() && sender_allowed(from_, from);
    if (!are_awaited_ || !may) {
        ++ignored_;
        complain(are_awaited_ ? "their sender is not in commands.from" : "uplink.confirm is not `receipt`", now);
        return std::nullopt;
    }
    auto receipt = read_receipt(message);
    if (receipt) return receipt;
    ++malformed_;
    complain(R"(they must be like {"type":"receipt","epoch":"9f1c2e7a","seqs":[[400,412]]})", now);
    return std::nullopt;
}

void ReceiptDesk::complain(const std::string& why, Instant now) {
    if (said_ && now < *said_ + kLineEvery) return;
    said_ = now;
    log::warning("commands: receipts are ignored, " + std::to_string(ignored_ + malformed_) +
                 " until now; the last: " + why);
}

}  // namespace fieldlink
