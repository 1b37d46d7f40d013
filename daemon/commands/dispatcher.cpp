#include "daemon/commands/dispatcher.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "daemon/commands/audit.hpp"
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
constexpr std::array<std::string_view, 3> kLater{"calibrate", "set", "reboot"};

/// Types that are carried out.
constexpr std::array<std::string_view, 5> kKinds{"ping", "read", "write", "poll", "replay"};

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
      local_rate_(config.commands.rate_per_second, config.commands.rate_burst),
      receipts_(config),
      replays_(host, [this](const Order& order, const auto& ending) { on_replayed(order, ending); }) {}

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
        dispatch({*command, {std::string(from), nullptr}});
}

void Dispatcher::handle_direct(std::string_view data, std::string_view from) {
    const bool may = config_.direct && !config_.from.empty() && sender_allowed(config_.from, from);
    if (may)
        handle(data, from);
    else
        ++ignored_direct_;
}

void Dispatcher::handle_local(std::string_view json, Origin person) {
    const JsonDocument document(json);
    auto command = read_command(document.root());
    if (!command) {
        command.emplace();
        command->malformed = "a command is a JSON object with a string `type`";
    }
    const Order order{*std::move(command), std::move(person)};
    if (!local_rate_.allow(std::chrono::steady_clock::now()))
        return tell(order.origin, result_json(order.command, ResultStatus::rejected,
                                              "busy: more commands than commands.rate; try again in a second"));
    dispatch(order);
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

void Dispatcher::dispatch(const Order& order) {
    const Command& command = order.command;
    const std::string why_not = refusal(order);
    if (!why_not.empty()) return finish(order, ResultStatus::rejected, why_not);
    if (const auto end = expiry(command); end && now().boot > *end) return finish(order, ResultStatus::expired);
    if (command.type == "ping") return finish(order, ResultStatus::done);
    if (command.type == "replay") return replay(order);

    std::string problem;
    auto addressed = address(command, problem);
    if (!addressed) return finish(order, ResultStatus::rejected, problem);
    if (pending_on(addressed->bus) >= kMaxPendingPerBus) return finish(order, ResultStatus::rejected, "busy");
    run(order, std::move(*addressed));
}

std::string Dispatcher::refusal(const Order& order) {
    const Command& command = order.command;
    if (!command.malformed.empty()) return command.malformed;
    if (stopping_) return "busy: the gateway is stopping";
    const std::string why_not = order.origin.is_local() ? std::string() : remote_refusal(order);
    if (!why_not.empty()) return why_not;
    if (contains(kLater, command.type)) return "not supported yet";
    if (!contains(kKinds, command.type)) return "unknown type";
    if (command.expires && !host_.true_offset())
        return "the true time is not known here, so `expires` cannot be judged; synchronise the gateway's clock (NTP)";
    return {};
}

/// What may come from afar is the configuration's to say; whoever is here has rights of his own.
std::string Dispatcher::remote_refusal(const Order& order) const {
    const std::string& type = order.command.type;
    if (!sender_allowed(config_.from, order.origin.from)) return "this sender is not in commands.from";
    const bool needs_leave = type != "ping" && contains(kKinds, type);
    return needs_leave && !contains(config_.allow, type) ? type + " is not in commands.allow" : std::string();
}

std::optional<Addressed> Dispatcher::address(const Command& command, std::string& why_not) const {
    if (command.type == "read") return directory_.read(command, why_not);
    if (command.type == "poll") return directory_.poll(command, why_not);
    return directory_.write(command, why_not);
}

void Dispatcher::replay(const Order& order) {
    if (replays_.is_busy()) return finish(order, ResultStatus::rejected, "busy: another replay is under way");
    replays_.begin(order);
}

void Dispatcher::on_replayed(const Order& order, const ReplayDesk::Ending& ending) {
    const auto status = ending.problem.empty() ? ResultStatus::done : ResultStatus::failed;
    audit(order, status, ending.problem);
    const std::string value =
        R"({"messages":)" + std::to_string(ending.messages) + R"(,"readings":)" + std::to_string(ending.readings) + "}";
    tell(order.origin, result_json(order.command, status, value, ending.problem));
}

void Dispatcher::run(const Order& order, Addressed addressed) {
    // Later than its deadline the sender has been told that it failed: then it must not happen any more.
    const milliseconds deadline = now().boot + kDeadline;
    addressed.command.expires = std::min(deadline, expiry(order.command).value_or(deadline));
    const std::uint64_t ticket = next_ticket_++;
    const std::size_t bus = addressed.bus;
    await(ticket, order, bus);
    host_.run_on_bus(bus, std::move(addressed.command), [this, ticket](const BusAnswer& a) { on_answer(ticket, a); });
}

void Dispatcher::await(std::uint64_t ticket, const Order& order, std::size_t bus) {
    auto deadline = std::make_unique<boost::asio::steady_timer>(io_, kDeadline);
    deadline->async_wait([this, ticket](boost::system::error_code error) {
        if (!error) on_deadline(ticket);
    });
    pending_.emplace(ticket, Pending{order, bus, std::move(deadline)});
}

void Dispatcher::on_answer(std::uint64_t ticket, const BusAnswer& answer) {
    const auto pending = pending_.find(ticket);
    assert(pending != pending_.end());
    if (pending->second.deadline) finish(pending->second.order, answer);
    pending_.erase(pending);
}

void Dispatcher::on_deadline(std::uint64_t ticket) {
    const auto pending = pending_.find(ticket);
    if (pending == pending_.end()) return;
    give_up(pending->second, "the bus did not come back in 10 s; whether it was done is unknown");
}

void Dispatcher::give_up_all() {
    replays_.give_up("the gateway stops; what was marked until now is sent again");
    for (auto& [ticket, pending] : pending_)
        give_up(pending, "the gateway stops before the bus came back; whether it was done is unknown");
}

/// The command stays pending, and counts as such, until its bus has come back.
void Dispatcher::give_up(Pending& pending, const std::string& why) {
    if (!pending.deadline) return;
    pending.deadline.reset();
    finish(pending.order, ResultStatus::failed, why);
}

void Dispatcher::finish(const Order& order, ResultStatus status, const std::string& message) {
    audit(order, status, message);
    tell(order.origin, result_json(order.command, status, message));
}

void Dispatcher::finish(const Order& order, const BusAnswer& answer) {
    audit(order, status_of(answer.status), answer.message);
    tell(order.origin, result_json(order.command, answer));
}

void Dispatcher::tell(const Origin& origin, std::string result) {
    if (origin.is_local())
        origin.answered(std::move(result));
    else
        host_.result(std::move(result));
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
