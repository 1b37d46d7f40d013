#include "daemon/ctl/outbox/selection.hpp"

#include <charconv>
#include <string_view>

#include "daemon/ctl/outbox/moment.hpp"
#include "daemon/ctl/usage_error.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

[[noreturn]] void refuse_seq(const std::string& text, const std::string& why) {
    throw UsageError("--seq: \"" + text + "\" " + why + "; write e.g. 418, 400-412, 400- or -412");
}

std::int64_t seq_number(const std::string& whole, std::string_view digits, std::int64_t otherwise) {
    if (digits.empty()) return otherwise;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || value < 0)
        refuse_seq(whole, "is no sequence number nor a range of them");
    return value;
}

void take_seq(const std::string& text, Range& range) {
    const std::string_view view = text;
    const std::size_t dash = view.find('-');
    const std::string_view from = view.substr(0, dash);
    const std::string_view to = dash == std::string_view::npos ? from : view.substr(dash + 1);
    if (from.empty() && to.empty()) refuse_seq(text, "names no sequence number");
    range.from_seq = seq_number(text, from, range.from_seq);
    range.to_seq = seq_number(text, to, range.to_seq);
    if (range.from_seq > range.to_seq) refuse_seq(text, "ends before it begins");
}

std::optional<milliseconds> moment(const char* option, const std::string& text, milliseconds now) {
    if (text.empty()) return std::nullopt;
    try {
        return parse_moment(text, now);
    } catch (const UsageError& error) {
        throw UsageError(std::string(option) + ": " + error.what());
    }
}

}  // namespace

Range range_of(const Selection& selection, milliseconds now) {
    Range range;
    range.since = moment("--since", selection.since, now);
    range.until = moment("--until", selection.until, now);
    if (range.since && range.until && *range.since > *range.until)
        throw UsageError("--since " + selection.since + " is after --until " + selection.until + "; swap them");
    if (!selection.seq.empty()) take_seq(selection.seq, range);
    if (!selection.epoch.empty()) range.epoch = selection.epoch;
    return range;
}

}  // namespace fieldlink
