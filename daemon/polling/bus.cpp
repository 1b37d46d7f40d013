#include "daemon/polling/bus.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "daemon/message/clock.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstOpenDelay{500};
constexpr milliseconds kMaxOpenDelay{10'000};

/// Readings are handed over in one go as long as polls follow each other without a pause; a bus that never pauses
/// hands over this many, or those of this long.
constexpr std::size_t kMaxCollected = 64;
constexpr milliseconds kMaxCollecting{50};

std::vector<milliseconds> periods(const BusConfig& config) {
    std::vector<milliseconds> every;
    for (const SensorConfig& sensor : config.sensors)
        every.push_back(sensor.every);
    return every;
}

}  // namespace

/// While it lives, the driver is in a call.
class Bus::Call {
public:
    explicit Call(Bus& bus) : bus_(bus) { bus_.busy_since_ = Clock::now().time_since_epoch().count(); }
    ~Call() { bus_.busy_since_ = 0; }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

private:
    Bus& bus_;
};

Bus::Bus(boost::asio::io_context& io, const BusConfig& config, const fl_driver& driver, Host& host)
    : io_(io), timer_(io), config_(config), driver_(driver), host_(host), counters_(config.sensors.size()) {
    for (const SensorConfig& sensor : config.sensors)
        sensors_.push_back({SensorReader(sensor), SensorState(sensor.report.max_silence)});
}

void Bus::start() {
    try {
        device_.emplace(driver_, config_);
    } catch (const std::runtime_error& error) {
        why_closed_ = error.what();
        tell(BusCondition::refused, why_closed_);
        return;
    }
    schedule_.emplace(periods(config_), Clock::now());
    plan_next();
}

void Bus::stop() {
    stopping_ = true;
    timer_.cancel();
    hand_over();
    device_.reset();
}

milliseconds Bus::busy_for() const {
    const Clock::rep since = busy_since_;
    if (since == 0) return milliseconds(0);
    return std::chrono::duration_cast<milliseconds>(Clock::now() - Clock::time_point(Clock::duration(since)));
}

void Bus::plan_next() {
    if (stopping_) return;
    const auto next = schedule_->next();
    if (next <= Clock::now()) {
        // Posted, not called: commands that came meanwhile stand before it in the queue.
        boost::asio::post(io_, [this] { poll_due(); });
        return;
    }
    hand_over();
    timer_.expires_at(next);
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error) poll_due();
    });
}

void Bus::poll_due() {
    if (stopping_) return;
    if (const auto due = schedule_->take(Clock::now())) {
        counters_[due->sensor].missed += due->missed;
        poll(due->sensor);
    }
    if (collected_.size() >= kMaxCollected || Clock::now() - collecting_since_ >= kMaxCollecting) hand_over();
    plan_next();
}

DriverBus::Failure Bus::poll(std::size_t index) {
    const Stamp taken = now();
    if (!ensure_open()) {
        failed(index, taken, FL_CODE_DISCONNECTED, why_closed_);
        return {FL_GONE, FL_CODE_DISCONNECTED, why_closed_};
    }
    const auto& points = sensors_[index].reader.all_points();
    DriverBus::Failure failure;
    {
        const Call call(*this);
        failure = device_->poll(index, points, values_);
    }
    if (failure.status == FL_GONE)
        close(failure.message);
    else
        note_works();
    if (failure)
        failed(index, taken, failure.code, failure.message);
    else
        answered(index, taken);
    return failure;
}

bool Bus::ensure_open() {
    if (!device_) return false;
    if (device_->is_open()) return true;
    if (Clock::now() < next_open_) return false;
    DriverBus::Failure failure;
    {
        const Call call(*this);
        failure = device_->open();
    }
    if (failure) {
        close(failure.message);
        return false;
    }
    return true;
}

/// A bus works once something on it was asked and it is still there: a peer that accepts and then hangs up must not be
/// called every half second.
void Bus::note_works() {
    open_delay_ = milliseconds(0);
    tell(BusCondition::open, {});
}

/// Also after a failed attempt to open: the next one comes later each time.
void Bus::close(const std::string& why) {
    device_->close();
    why_closed_ = why;
    open_delay_ = std::clamp(open_delay_ * 2, kFirstOpenDelay, kMaxOpenDelay);
    next_open_ = Clock::now() + open_delay_;
    tell(BusCondition::closed, why);
}

void Bus::tell(BusCondition condition, const std::string& why) {
    if (told_ == condition) return;
    told_ = condition;
    host_.bus_changed({config_.name, condition, why});
}

void Bus::answered(std::size_t index, Stamp taken) {
    Sensor& sensor = sensors_[index];
    ++counters_[index].polls;
    const auto outcome = sensor.state.answered(Clock::now());
    keep(index, taken, sensor.reader.members(sensor.reader.all_points(), values_));
    if (outcome.changed)
        host_.sensor_changed({config_.sensors[index].name, SensorCondition::ok, taken, FL_CODE_NONE,
                              outcome.failed_polls ? std::to_string(outcome.failed_polls) + " failed polls" : ""});
}

void Bus::failed(std::size_t index, Stamp taken, std::uint32_t code, const std::string& message) {
    ++counters_[index].failed;
    const auto outcome = sensors_[index].state.failed(Clock::now());
    if (outcome.report) keep(index, taken, SensorReader::error_members(code, message));
    if (outcome.changed)
        host_.sensor_changed({config_.sensors[index].name, SensorCondition::failing, taken, code, message});
}

void Bus::keep(std::size_t index, Stamp taken, std::string members) {
    if (collected_.empty()) collecting_since_ = Clock::now();
    collected_.push_back({config_.sensors[index].name, taken, std::move(members)});
}

void Bus::hand_over() {
    if (collected_.empty()) return;
    const std::size_t usual = collected_.size();
    host_.readings(std::make_shared<const std::vector<Reading>>(std::move(collected_)));
    collected_ = {};
    collected_.reserve(usual);
}

BusAnswer Bus::run(const BusCommand& command) {
    const auto expired = [&command] { return command.expires && now().boot > *command.expires; };
    if (stopping_) return {BusAnswer::Status::failed, {}, {}, "not done: the gateway stops"};
    if (expired()) return {BusAnswer::Status::expired, {}, {}, {}};
    if (!ensure_open()) return {BusAnswer::Status::failed, {}, {}, why_closed_};
    if (expired()) return {BusAnswer::Status::expired, {}, {}, {}};  // opening took its time
    if (command.kind == BusCommand::Kind::read) return read(command);
    if (command.kind == BusCommand::Kind::poll) return poll(command);

    DriverBus::Failure failure;
    {
        const Call call(*this);
        failure = device_->write(command.sensor, command.writes);
    }
    if (failure.status == FL_GONE) close(failure.message);
    BusAnswer answer = device_->is_open() ? read(command) : BusAnswer{};
    if (failure) {
        answer.status = BusAnswer::Status::failed;
        answer.message = failure.message;
    } else if (answer.status == BusAnswer::Status::failed) {
        answer.message = "written, but it could not be read back: " + answer.message;
    }
    return answer;
}

/// Its reading goes where those of the schedule go; that one goes on as it was.
BusAnswer Bus::poll(const BusCommand& command) {
    const DriverBus::Failure failure = poll(command.sensor);
    if (failure) return {BusAnswer::Status::failed, {}, {}, failure.message};
    return {};
}

BusAnswer Bus::read(const BusCommand& command) {
    DriverBus::Failure failure;
    {
        const Call call(*this);
        failure = device_->poll(command.sensor, command.points, values_);
    }
    if (failure.status == FL_GONE) close(failure.message);
    if (failure) return {BusAnswer::Status::failed, {}, {}, failure.message};
    const auto has_value = [](const fl_value& value) { return value.error == FL_CODE_NONE; };
    if (std::none_of(values_.begin(), values_.end(), has_value))
        return {
            BusAnswer::Status::failed, {}, {}, "the device refused: " + std::string(error_name(values_.front().error))};
    const SensorReader& reader = sensors_[command.sensor].reader;
    return {BusAnswer::Status::done,
            reader.values_object(command.points, values_),
            reader.single_value(command.points, values_),
            {}};
}

}  // namespace fieldlink
