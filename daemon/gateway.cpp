#include "daemon/gateway.hpp"

#include <boost/asio/post.hpp>
#include <csignal>

#include "daemon/log.hpp"
#include "daemon/message/clock.hpp"
#include "daemon/service.hpp"
#include "daemon/uplink/credentials.hpp"

namespace fieldlink {
namespace {

using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kBeat{1'000};

std::vector<const Bus*> buses_of(const std::vector<std::unique_ptr<BusRunner>>& runners) {
    std::vector<const Bus*> buses;
    for (const auto& runner : runners)
        buses.push_back(&runner->bus());
    return buses;
}

/// What a person who puts the uplink right may change while the daemon runs.
std::vector<std::string> files_to_connect_with(const UplinkConfig& uplink) {
    std::vector<std::string> files;
    const SecretRef& secret = secret_of(uplink.auth);
    if (secret.from == SecretRef::From::file) files.push_back(secret.name);
    for (const std::string& file : {uplink.tls.ca_file, uplink.tls.cert, uplink.tls.key})
        if (!file.empty()) files.push_back(file);
    return files;
}

}  // namespace

Gateway::Gateway(const Config& config, DriverLibrary& drivers)
    : signals_(net_, SIGTERM, SIGINT, SIGHUP),
      beat_timer_(net_),
      stop_timer_(net_),
      deadline_timer_(net_),
      recorder_(config, net_, *this),
      true_clock_(now(), recorder_.earlier_true_offset()),
      kernel_clock_(net_, [this](bool synchronised) { on_kernel_clock(synchronised); }),
      kept_time_(recorder_.kept_time()) {
    for (const BusConfig& bus : config.buses)
        buses_.push_back(std::make_unique<BusRunner>(bus, drivers.load(bus.driver), recorder_, net_,
                                                     static_cast<GatewayNews&>(*this)));
    board_.emplace(config.gateway, buses_of(buses_));
    dispatcher_.emplace(net_, config, static_cast<Dispatcher::Host&>(*this));
    desk_.emplace(*board_, recorder_, *dispatcher_);
    control_.emplace(net_, config.control.socket, *desk_);
    if (!config.metrics_listen.empty())
        metrics_.emplace(net_, config.metrics_listen, [this] { return board_->metrics(); });
    uplink_.emplace(net_, config, static_cast<Uplink::Host&>(*this));
    network_watch_.emplace(net_, [this] { uplink_->network_changed(); });
    credential_watch_.emplace(net_, files_to_connect_with(config.uplink), [this] { uplink_->retry_now(); });
}

Gateway::~Gateway() = default;

int Gateway::run() {
    wait_for_signal();
    kernel_clock_.start();
    recorder_.start();
    recorder_.add_event("started", R"({"version":")" FIELDLINK_VERSION "\"}");
    for (const auto& bus : buses_)
        bus->start();
    uplink_->start();
    service::ready();
    beat();
    net_.run();
    return exit_status_;
}

// ---- from the uplink ----

void Gateway::take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) {
    recorder_.take(max_messages, max_bytes, urgency);
}

void Gateway::settle(const std::vector<std::int64_t>& positions) {
    recorder_.settle(positions);
}

void Gateway::give_back(const std::vector<std::int64_t>& positions) {
    recorder_.give_back(positions);
}

void Gateway::connection_ended(const std::vector<std::int64_t>& given_back) {
    recorder_.connection_ended(given_back);
}

void Gateway::refuse(const std::vector<RefusedMessage>& messages) {
    recorder_.refuse(messages);
}

void Gateway::command(std::string_view data, std::string_view from) {
    dispatcher_->handle(data, from);
}

void Gateway::direct(std::string_view data, std::string_view from) {
    dispatcher_->handle_direct(data, from);
}

void Gateway::uplink_changed(const UplinkStatus& status) {
    board_->note(status);
    recorder_.set_online(status.state == UplinkState::connected);
    say_status();
}

// ---- from the dispatcher ----

void Gateway::run_on_bus(std::size_t bus, BusCommand command, BusAnswered answered) {
    buses_[bus]->run(std::move(command), std::move(answered));
}

void Gateway::result(std::string json) {
    recorder_.add_result(std::move(json));
}

void Gateway::receipt(const Receipt& receipt) {
    uplink_->receipt(receipt);
}

void Gateway::replay_piece(const Range& range, std::int64_t from, std::function<void(ReplayPiece)> done) {
    recorder_.replay(range, from, std::move(done));
}

// ---- from the workers ----

void Gateway::on_readings(const Readings& readings) {
    board_->note(readings);
    if (!control_ || !control_->has_followers()) return;
    for (const Reading& reading : *readings)
        control_->publish_reading(reading_json(reading));
}

void Gateway::on_sensor_changed(const SensorChange& change) {
    board_->note(change);
    say_status();
}

void Gateway::on_bus_changed(const BusChange& change) {
    board_->note(change);
}

void Gateway::on_committed() {
    uplink_->more_is_owed();
}

void Gateway::on_taken(std::vector<StoredMessage> messages) {
    uplink_->offer(std::move(messages));
}

void Gateway::on_storage_changed(const StorageStatus& status) {
    board_->note(status);
    dispatcher_->set_room_for_results(status.has_room_for_results);
}

void Gateway::on_worker_failed(const std::string& worker, const std::string& why) {
    log::error("thread " + worker + " ended: " + why);
    exit_status_ = 1;
    if (worker == RecorderRunner::kWorker) abandon();
    stop();
}

// ---- signals and the service manager ----

void Gateway::wait_for_signal() {
    signals_.async_wait([this](error_code error, int signal) {
        if (!error) on_signal(signal);
    });
}

void Gateway::on_signal(int signal) {
    wait_for_signal();
    if (signal == SIGHUP)
        uplink_->retry_now();
    else
        stop();
}

void Gateway::say_status() {
    std::string line = board_->one_line();
    if (line == last_status_) return;
    service::status(line);
    last_status_ = std::move(line);
}

/// The watchdog is fed only while both loops turn: this one by being here, storage by answering the beat before.
void Gateway::beat() {
    board_->note(uplink_->status());
    const ReceiptDesk& receipts = dispatcher_->receipts();
    board_->note(IgnoredCommands{dispatcher_->ignored(), dispatcher_->ignored_direct(), receipts.ignored(),
                                 receipts.malformed()});
    look_at_clock();
    if (const auto written = written_to_disk()) board_->note_written(*written, now().boot);
    say_status();
    if (storage_turned_) {
        service::feed_watchdog();
        storage_turned_ = false;
        recorder_.report([this] { storage_turned_ = true; });
    }
    beat_timer_.expires_after(kBeat);
    beat_timer_.async_wait([this](error_code error) {
        if (!error) beat();
    });
}

}  // namespace fieldlink
