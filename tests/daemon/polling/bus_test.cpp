#include "daemon/polling/bus.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstdio>
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "daemon/message/clock.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

/// A driver whose answers the test decides.
struct FakeDevice {
    fl_status open_status = FL_OK;
    std::map<std::uint32_t, fl_status> poll_status;   // by sensor
    std::map<std::uint32_t, std::int64_t> registers;  // by point
    milliseconds poll_takes{0};
    std::vector<std::string> calls;
    int opens = 0;
};
FakeDevice* device = nullptr;

fl_status fail(fl_status status, fl_error* error) {
    error->code = status == FL_OK ? FL_CODE_NONE : FL_CODE_TIMEOUT;
    std::snprintf(error->message, sizeof error->message, "no answer");
    return status;
}

fl_status create(const fl_bus_config*, const fl_host*, fl_bus** bus, fl_error*) {
    *bus = nullptr;
    return FL_OK;
}
void destroy(fl_bus*) {}
fl_status open(fl_bus*, fl_error* error) {
    ++device->opens;
    return fail(device->open_status, error);
}
void close(fl_bus*) {
    device->calls.push_back("close");
}
fl_status poll(fl_bus*, std::uint32_t sensor, const std::uint32_t* points, std::uint32_t count, fl_value* values,
               fl_error* error) {
    device->calls.push_back("poll " + std::to_string(sensor));
    std::this_thread::sleep_for(device->poll_takes);
    for (std::uint32_t i = 0; i < count; ++i) {
        values[i].kind = FL_VALUE_S64;
        values[i].as.s64 = device->registers[points[i]];
    }
    return fail(device->poll_status[sensor], error);
}
fl_status write(fl_bus*, std::uint32_t sensor, const fl_write* writes, std::uint32_t count, fl_error* error) {
    device->calls.push_back("write " + std::to_string(sensor));
    for (std::uint32_t i = 0; i < count; ++i)
        device->registers[writes[i].point] = writes[i].value.as.s64;
    return fail(FL_OK, error);
}

const fl_driver kDriver = {FL_DRIVER_ABI_VERSION,
                           sizeof(fl_driver),
                           "fake",
                           "1",
                           "",
                           nullptr,
                           nullptr,
                           nullptr,
                           nullptr,
                           create,
                           destroy,
                           open,
                           close,
                           poll,
                           write};

class BusTest : public testing::Test, protected Bus::Host {
protected:
    BusTest() { device = &device_; }
    ~BusTest() override { device = nullptr; }

    static SensorConfig sensor(const std::string& name, milliseconds every) {
        SensorConfig config;
        config.name = name;
        config.every = every;
        for (const char* point : {"a", "b"}) {
            config.points.emplace_back();
            config.points.back().name = point;
            config.points.back().writable = true;
        }
        return config;
    }

    /// Runs the loop until `done` holds, or for at most 10 s.
    template <class Condition>
    bool run_until(Condition done) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!done() && std::chrono::steady_clock::now() < deadline)
            io_.run_one_for(milliseconds(100));
        return done();
    }

    void readings(Readings readings) override { readings_.insert(readings_.end(), readings->begin(), readings->end()); }
    void sensor_changed(const SensorChange& change) override { sensor_changes_.push_back(change); }
    void bus_changed(const BusChange& change) override { bus_changes_.push_back(change); }

    FakeDevice device_;
    boost::asio::io_context io_;
    BusConfig config_;
    std::vector<Reading> readings_;
    std::vector<SensorChange> sensor_changes_;
    std::vector<BusChange> bus_changes_;
};

TEST_F(BusTest, PollsEachSensorByItsPeriodAndHandsReadingsOver) {
    config_.sensors = {sensor("fast", milliseconds(10)), sensor("slow", milliseconds(60'000))};
    device_.registers = {{0, 1}, {1, 2}};
    Bus bus(io_, config_, kDriver, *this);
    bus.start();
    ASSERT_TRUE(run_until([this] { return readings_.size() >= 4; }));
    bus.stop();
    EXPECT_EQ(readings_[0].sensor, "fast");
    EXPECT_EQ(readings_[0].members, R"("values":{"a":1,"b":2})");
    EXPECT_EQ(readings_[1].sensor, "slow");
    EXPECT_EQ(readings_[2].sensor, "fast");
    EXPECT_EQ(bus.counters(1).polls, 1u);
}

TEST_F(BusTest, ReportsAFailingSensorOnceAndLeavesTheOthersAlone) {
    config_.sensors = {sensor("dead", milliseconds(10)), sensor("live", milliseconds(10))};
    device_.poll_status[0] = FL_TRANSIENT;
    Bus bus(io_, config_, kDriver, *this);
    bus.start();
    ASSERT_TRUE(run_until([&bus] { return bus.counters(0).failed >= 3 && bus.counters(1).polls >= 3; }));
    bus.stop();
    const auto is_dead = [](const Reading& reading) { return reading.sensor == "dead"; };
    EXPECT_EQ(std::count_if(readings_.begin(), readings_.end(), is_dead), 1);
    EXPECT_EQ(readings_[0].members, R"("error":{"code":"timeout","message":"no answer"})");
    ASSERT_EQ(sensor_changes_.size(), 2u);
    EXPECT_EQ(sensor_changes_[0].condition, SensorCondition::failing);
}

TEST_F(BusTest, HandsReadingsOverEvenIfADeadSensorNeverLetsItPause) {
    config_.sensors = {sensor("dead", milliseconds(10)), sensor("live", milliseconds(60'000))};
    device_.poll_status[0] = FL_TRANSIENT;
    device_.poll_takes = milliseconds(30);
    Bus bus(io_, config_, kDriver, *this);
    bus.start();
    ASSERT_TRUE(run_until([&bus, this] { return !readings_.empty() || bus.counters(0).failed > 20; }));
    EXPECT_LT(bus.counters(0).failed, 5u);
    bus.stop();
}

TEST_F(BusTest, ReopensABusThatIsGoneWithoutOpeningItAtEveryPoll) {
    config_.sensors = {sensor("s", milliseconds(10))};
    device_.open_status = FL_GONE;
    Bus bus(io_, config_, kDriver, *this);
    bus.start();
    ASSERT_TRUE(run_until([&bus] { return bus.counters(0).failed >= 20; }));
    EXPECT_EQ(device_.opens, 1);
    device_.open_status = FL_OK;
    ASSERT_TRUE(run_until([&bus] { return bus.counters(0).polls > 0; }));
    EXPECT_EQ(device_.opens, 2);
    ASSERT_EQ(bus_changes_.size(), 2u);
    EXPECT_EQ(bus_changes_[0].condition, BusCondition::closed);
    EXPECT_EQ(bus_changes_[1].condition, BusCondition::open);
    bus.stop();
}

TEST_F(BusTest, DoesNotCallABusOpenThatHangsUpOnTheFirstRequest) {
    config_.sensors = {sensor("s", milliseconds(10))};
    device_.poll_status[0] = FL_GONE;
    Bus bus(io_, config_, kDriver, *this);
    bus.start();
    ASSERT_TRUE(run_until([this] { return device_.opens == 3; }));
    bus.stop();
    ASSERT_EQ(bus_changes_.size(), 1u);
    EXPECT_EQ(bus_changes_[0].condition, BusCondition::closed);
}

TEST_F(BusTest, ClosesABusWhenAPollSaysThatItIsGone) {
    config_.sensors = {sensor("s", milliseconds(10))};
    device_.poll_status[0] = FL_GONE;
    Bus bus(io_, config_, kDriver, *this);
    bus.start();
    ASSERT_TRUE(
        run_until([this] { return !bus_changes_.empty() && bus_changes_.back().condition == BusCondition::closed; }));
    EXPECT_EQ(device_.calls.back(), "close");
    bus.stop();
}

TEST_F(BusTest, WritesAndReadsBack) {
    config_.sensors = {sensor("s", milliseconds(60'000))};
    Bus bus(io_, config_, kDriver, *this);
    bus.start();
    BusCommand command;
    command.kind = BusCommand::Kind::write;
    command.points = {1};
    fl_value value{};
    value.kind = FL_VALUE_S64;
    value.as.s64 = 60;
    command.writes = {{1, 0, value}};
    const BusAnswer answer = bus.run(command);
    EXPECT_EQ(answer.status, BusAnswer::Status::done);
    EXPECT_EQ(answer.value, "60");
    EXPECT_EQ(answer.values, R"({"b":60})");
    EXPECT_EQ(device_.calls, (std::vector<std::string>{"write 0", "poll 0"}));
    bus.stop();
}

TEST_F(BusTest, PollsOnCommandAndHandsTheReadingOverLikeAnyOther) {
    config_.sensors = {sensor("s", milliseconds(60'000))};
    Bus bus(io_, config_, kDriver, *this);
    bus.start();
    BusCommand command;
    command.kind = BusCommand::Kind::poll;
    EXPECT_EQ(bus.run(command).status, BusAnswer::Status::done);
    device_.poll_status[0] = FL_TRANSIENT;
    const BusAnswer failed = bus.run(command);
    EXPECT_EQ(failed.status, BusAnswer::Status::failed);
    EXPECT_EQ(failed.message, "no answer");
    bus.stop();
    ASSERT_EQ(readings_.size(), 2u);
    EXPECT_EQ(readings_[0].members, R"("values":{"a":0,"b":0})");
    EXPECT_EQ(readings_[1].members, R"("error":{"code":"timeout","message":"no answer"})");
    EXPECT_EQ(bus.counters(0).polls, 1u);
}

TEST_F(BusTest, NeverTouchesTheDeviceForAnExpiredCommand) {
    config_.sensors = {sensor("s", milliseconds(60'000))};
    Bus bus(io_, config_, kDriver, *this);
    bus.start();
    BusCommand command;
    command.kind = BusCommand::Kind::write;
    command.points = {0};
    command.expires = now().boot - milliseconds(1);
    EXPECT_EQ(bus.run(command).status, BusAnswer::Status::expired);
    EXPECT_TRUE(device_.calls.empty());
    bus.stop();
}

TEST_F(BusTest, RunsACommandBeforeTheNextPollOfABusThatIsNeverIdle) {
    config_.sensors = {sensor("x", milliseconds(10)), sensor("y", milliseconds(10)), sensor("z", milliseconds(10))};
    Bus bus(io_, config_, kDriver, *this);
    bus.start();
    ASSERT_TRUE(run_until([this] { return device_.calls.size() == 1; }));
    boost::asio::post(io_, [&bus] {
        BusCommand command;
        command.points = {0};
        bus.run(command);
    });
    device_.calls.clear();
    io_.run_one();  // what was planned before the command came
    io_.run_one();  // the command
    ASSERT_EQ(device_.calls.size(), 2u);
    EXPECT_EQ(device_.calls[1], "poll 0");
    bus.stop();
}

TEST_F(BusTest, DoesNothingButSaySoWhenTheDriverRefusesItsConfiguration) {
    fl_driver refusing = kDriver;
    refusing.create = [](const fl_bus_config*, const fl_host*, fl_bus**, fl_error* error) {
        std::snprintf(error->message, sizeof error->message, "rtu_tcp is not active yet");
        return fl_status{FL_REJECTED};
    };
    config_.sensors = {sensor("s", milliseconds(10))};
    Bus bus(io_, config_, refusing, *this);
    bus.start();
    ASSERT_EQ(bus_changes_.size(), 1u);
    EXPECT_EQ(bus_changes_[0].condition, BusCondition::refused);
    EXPECT_NE(bus_changes_[0].message.find("rtu_tcp is not active yet"), std::string::npos);
    BusCommand command;
    command.points = {0};
    EXPECT_EQ(bus.run(command).status, BusAnswer::Status::failed);
    bus.stop();
    EXPECT_TRUE(device_.calls.empty());
}

TEST_F(BusTest, SaysForHowLongTheDriverHasBeenBusyOnlyWhileItIs) {
    config_.sensors = {sensor("s", milliseconds(10))};
    Bus bus(io_, config_, kDriver, *this);
    EXPECT_EQ(bus.busy_for(), milliseconds(0));
    bus.start();
    run_until([&bus] { return bus.counters(0).polls > 0; });
    EXPECT_EQ(bus.busy_for(), milliseconds(0));
    bus.stop();
}

}  // namespace
}  // namespace fieldlink
