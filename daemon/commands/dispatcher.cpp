#include "daemon/commands/dispatcher.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "daemon/commands/sender.hpp"
#include "daemon/log.hpp"
#include "daemon/message/clock.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDeadline{10'000};
constexpr milliseconds kFloodCheck{10'000};
constexpr std::size_t kMaxPendingPerBus = 16;

/// Types that the contract knows and a later version carries out.
constexpr std::array<std::string_view, 5> kLater{"poll", "replay", "calibrate", "set", "reboot"};

template <class Container>
bool contains(const Container& container, std::string_view wanted) {
    return std::find(container.begin(), container.end(), wanted) != container.end();
}

}  // namespace

Dispatcher::Dispatcher(boost::asio::io_context& io, const Config& config, Host& host)
    : io_(io),
      config_(config.commands),
      host_(host),
      directory_(config),
      flood_timer_(io),
      rate_(config.commands.rate_per_second, config.commands.rate_burst),
      receipts_(config) {}

void Dispatcher::handle(std::string_view data, std::string_view from) {
    const JsonDocument document(data);
    if (ReceiptDesk::is_receipt(document.root())) {
        const auto receipt = receipts_.take(document.root(), from, std::chrono::steady_clock::now());
        if (receipt) host_.receipt(*receipt);
        return;
    }
    const auto command = read_command(document.root());
    if (!command) {
        ++ignored_;
        return;
    }
    if (!has_room_for_results_)
        ++dropped_for_room_;
    else if (within_rate())
        dispatch(*command, from);
}

void Dispatcher::set_room_for_results(bool has_room) {
    if (has_room == std::exchange(has_room_for_results_, has_room)) return;
    if (has_room)
        log::notice("commands: results fit into the outbox again; " +
                    std::to_string(std::exchange(dropped_for_room_, 0)) + " commands were dropped");
    else
        log::warning("commands: undelivered results fill their share of the outbox; commands are dropped meanwhile");
}

/// One line when a flood begins and one, with the count, when it is over: a sender must not fill the journal.
bool Dispatcher::within_rate() {
    if (rate_.allow(std::chrono::steady_clock::now())) return true;
    if (!std::exchange(flooded_, true)) {
        log::warning("commands: more than commands.rate come in; the rest is dropped");
        await_end_of_flood();
    }
    return false;
}

void Dispatcher::await_end_of_flood() {
    flood_timer_.expires_after(kFloodCheck);
    flood_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) on_flood_check();
    });
}

void Dispatcher::on_flood_check() {
    const std::uint64_t refused = rate_.take_refused();
    flood_refused_ += refused;
    if (refused > 0) return await_end_of_flood();
    log::notice("commands: " + std::to_string(flood_refused_) + " beyond commands.rate were dropped");
    flood_refused_ = 0;
    flooded_ = false;
}

void Dispatcher::dispatch(const Command& command, std::string_view from) {
    const std::string why_not = refusal(command, from);
    if (!why_not.empty()) return finish(command, ResultStatus::rejected, why_not);
    if (const auto end = expiry(command); end && now().boot > *end) return finish(command, ResultStatus::expired);
    if (command.type == "ping") return finish(command, ResultStatus::done);

    std::string problem;
    auto addressed = command.type == "read" ? directory_.read(command, problem) : directory_.write(command, problem);
    if (!addressed) return finish(command, ResultStatus::rejected, problem);
    if (pending_on(addressed->bus) >= kMaxPendingPerBus) return finish(command, ResultStatus::rejected, "busy");
    run(command, std::move(*addressed));
}

std::string Dispatcher::refusal(const Command& command, std::string_view from) {
    if (!command.malformed.empty()) return command.malformed;
    if (stopping_) return "busy: the gateway is stopping";
    if (!sender_allowed(config_.from, from)) return "this sender is not in commands.from";
    if (contains(kLater, command.type)) return "not supported yet";
    if (command.expires && !host_.true_offset())
        return "the true time is not known here, so `expires` cannot be judged; synchronise the gateway's clock (NTP)";
    if (command.type == "ping") return {};
    if (command.type != "read" && command.type != "write") return "unknown type";
    return contains(config_.allow, command.type) ? std::string() : command.type + " is not in commands.allow";
}

void Dispatcher::run(const Command& command, Addressed addressed) {
    // Later than its deadline the sender has been told that it failed: then it must not happen any more.
    const milliseconds deadline = now().boot + kDeadline;
    addressed.command.expires = std::min(deadline, expiry(command).value_or(deadline));
    const std::uint64_t ticket = next_ticket_++;
    const std::size_t bus = addressed.bus;
    await(ticket, command, bus);
    host_.run_on_bus(bus, std::move(addressed.command), [this, ticket](const BusAnswer& a) { on_answer(ticket, a); });
}

void Dispatcher::await(std::uint64_t ticket, const Command& command, std::size_t bus) {
    auto deadline = std::make_unique<boost::asio::steady_timer>(io_, kDeadline);
    deadline->async_wait([this, ticket](boost::system::error_code error) {
        if (!error) on_deadline(ticket);
    });
    pending_.emplace(ticket, Pending{command, bus, std::move(deadline)});
}

void Dispatcher::on_answer(std::uint64_t ticket, const BusAnswer& answer) {
    const auto pending = pending_.find(ticket);
    assert(pending != pending_.end());
    if (pending->second.deadline) host_.result(result_json(pending->second.command, answer));
    pending_.erase(pending);
}

void Dispatcher::on_deadline(std::uint64_t ticket) {
    const auto pending = pending_.find(ticket);
    if (pending == pending_.end()) return;
    give_up(pending->second, "the bus did not come back in 10 s; whether it was done is unknown");
}

void Dispatcher::give_up_all() {
    for (auto& [ticket, pending] : pending_)
        give_up(pending, "the gateway stops before the bus came back; whether it was done is unknown");
}

/// The command stays pending, and counts as such, until its bus has come back.
void Dispatcher::give_up(Pending& pending, const std::string& why) {
    if (!pending.deadline) return;
    pending.deadline.reset();
    finish(pending.command, ResultStatus::failed, why);
}

void Dispatcher::finish(const Command& command, ResultStatus status, const std::string& message) {
    host_.result(result_json(command, status, message));
}

/// The boot clock's time from which on it must not be begun any more; absent if it does not expire.
std::optional<milliseconds> Dispatcher::expiry(const Command& command) {
    if (!command.expires) return std::nullopt;
    const auto offset = host_.true_offset();
    return offset ? milliseconds(*command.expires) - *offset : milliseconds::min();
}

std::size_t Dispatcher::pending_on(std::size_t bus) const {
    return static_cast<std::size_t>(
        std::count_if(pending_.begin(), pending_.end(), [bus](const auto& entry) { return entry.second.bus == bus; }));
}

}  // namespace fieldlink
