// An outage under DropPolicy::thin, driven as the daemon drives it: virtual time, admits() for each reading, batches of
// a second.
#include <algorithm>
#include <cstdio>
#include <map>

#include <gmock/gmock.h>

#include "daemon/polling/batcher.hpp"
#include "storage/records.hpp"
#include "tests/storage/outbox_fixture.hpp"
#include "tests/storage/outbox_truth.hpp"
#include "tests/support/disk/disk.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kMaxBytes = 1 << 20;
constexpr double kMostUneven = 2.5;
const double kLooks[] = {
    2,  2.5, 3,  4,  5,   6,   7,   8,   10,  12,  15,  20,  25,  30,  40,  50,
    60, 70,  80, 90, 100, 120, 150, 200, 250, 300, 400, 500, 600, 700, 800, 1000};  // in each halving, some
constexpr std::size_t kMemberBytes = 1'000;                                         // of which packing spares none

std::string members_of(std::uint64_t reading) {
    static const std::string kNoise = noise(128 * 1024);
    return kNoise.substr(reading * 7'919 % (kNoise.size() - kMemberBytes), kMemberBytes);
}

const std::string kShared = "telemetry", kOwn = "telemetry/{sensor}";

struct Sensor {
    std::string name;
    seconds period, phase{0};
};

const std::vector<Sensor> kFourPeriods = {
    {"fast", seconds(1)}, {"brisk", seconds(5)}, {"calm", seconds(10)}, {"slow", seconds(60)}};

/// Sensors of one period that are read one after the other, as on a bus.
std::vector<Sensor> out_of_step() {
    std::vector<Sensor> sensors;
    for (int i = 0; i < 20; ++i)
        sensors.push_back({"meter-" + std::to_string(i), seconds(60), seconds(3 * i + i % 2)});
    return sensors;
}

/// The daemon's way of a reading into the outbox, with the time as it is told.
class Gateway {
public:
    Gateway(const OutboxOptions& options, std::vector<Sensor> sensors, const std::string& telemetry)
        : outbox_(options), batcher_(BatchConfig(), "gw", telemetry), sensors_(std::move(sensors)) {}

    void live_one_second() {
        const Stamp now = this->now();
        for (const Sensor& sensor : sensors_)
            if ((now_ - sensor.phase).count() >= 0 && (now_ - sensor.phase) % sensor.period == seconds(0))
                read(sensor.name, now);
        append(batcher_.due(now));
        outbox_.tend(now);
        now_ += seconds(1);
    }

    /// What was read so far, against what the outbox may take.
    double overflow() const { return static_cast<double>(read_ * kMemberBytes) / kMaxBytes; }

    void end() { append(batcher_.all(now())); }

    Stamp now() const { return {now_, milliseconds(1'700'000'000'000) + now_}; }
    std::uint64_t read() const { return read_; }
    Outbox& outbox() { return outbox_; }

private:
    void read(const std::string& sensor, Stamp now) {
        ++read_;
        if (outbox_.admits(batcher_.channel_of(sensor), sensor, now))
            batcher_.add({sensor, now, members_of(read_)}, now);
        if (batcher_.has_full()) append(batcher_.full());
    }

    void append(const std::vector<NewMessage>& messages) {
        if (!messages.empty()) outbox_.append(messages);
    }

    Outbox outbox_;
    Batcher batcher_;
    std::vector<Sensor> sensors_;
    milliseconds now_{0};
    std::uint64_t read_ = 0;
};

struct Survivors {
    std::map<std::string, std::vector<milliseconds>> taken;  ///< by sensor, in order
    std::uint64_t readings = 0, named_in_gaps = 0;
};

Survivors take_survivors(Outbox& outbox) {
    Survivors survivors;
    for (const StoredMessage& message : outbox.take(1'000'000, 1 << 30)) {
        if (message.kind == Kind::gap) survivors.named_in_gaps += GapRecord(message.body).readings.value_or(0);
        if (message.kind != Kind::readings) continue;
        survivors.readings += message.readings;
        Records records(message.body);
        for (Record record; records.next(record);)
            survivors.taken[std::string(record.sensor)].push_back(record.taken);
    }
    for (auto& [sensor, taken] : survivors.taken)
        std::sort(taken.begin(), taken.end());
    return survivors;
}

/// The largest stretch of the outage without a reading, against the mean one.
double unevenness(const std::vector<milliseconds>& taken, milliseconds begin, milliseconds end) {
    milliseconds largest = taken.front() - begin;
    for (std::size_t i = 0; i < taken.size(); ++i)
        largest = std::max(largest, (i + 1 < taken.size() ? taken[i + 1] : end) - taken[i]);
    return static_cast<double>(largest.count()) * static_cast<double>(taken.size()) /
           static_cast<double>((end - begin).count());
}

class ThinEvenly : public OutboxTest {
protected:
    ThinEvenly() {
        options_.max_bytes = kMaxBytes;
        options_.when_full = DropPolicy::thin;
    }

    /// Returns the worst.
    double expect_even(const Survivors& survivors, const std::vector<Sensor>& sensors, milliseconds end) {
        double worst = 0;
        for (const Sensor& sensor : sensors) {
            const auto taken = survivors.taken.find(sensor.name);
            const bool any_left = taken != survivors.taken.end();
            EXPECT_TRUE(any_left) << sensor.name << " is lost whole";
            if (!any_left) continue;
            const double uneven = unevenness(taken->second, sensor.phase, end);
            EXPECT_LE(uneven, kMostUneven) << sensor.name << ", " << taken->second.size() << " survivors";
            worst = std::max(worst, uneven);
        }
        return worst;
    }

    static void expect_all_accounted_for(const Survivors& survivors, const OutboxStats& stats, std::uint64_t read) {
        EXPECT_EQ(survivors.readings, stats.owed_readings);
        EXPECT_EQ(survivors.named_in_gaps, stats.dropped_readings);
        EXPECT_EQ(stats.read_readings, read);
        expect_balanced(stats);
    }

    /// One run, looked at often on the way to a thousand times too much: copies of the files are opened.
    void expect_even_however_long(const std::vector<Sensor>& sensors, const std::string& telemetry) {
        Gateway gateway(options_, sensors, telemetry);
        double worst = 0;
        for (const double overflow : kLooks) {
            while (gateway.overflow() < overflow)
                gateway.live_one_second();
            gateway.end();
            gateway.outbox().commit_acks();
            SCOPED_TRACE(std::to_string(overflow) + " times");
            Outbox copy(crashed());
            const Survivors survivors = take_survivors(copy);
            worst = std::max(worst, expect_even(survivors, sensors, gateway.now().boot));
            expect_all_accounted_for(survivors, copy.stats(), gateway.read());
        }
        std::printf("%s: the largest distance is at most %.2f of the mean one\n", telemetry.c_str(), worst);
    }
};

TEST_F(ThinEvenly, CoversAnOutageOfAnyLengthOnASharedChannel) {
    expect_even_however_long(kFourPeriods, kShared);
}

TEST_F(ThinEvenly, CoversAnOutageOfAnyLengthOnAChannelForEachSensor) {
    expect_even_however_long(kFourPeriods, kOwn);
}

TEST_F(ThinEvenly, CoversSensorsThatAreReadOutOfStepOnASharedChannel) {
    expect_even_however_long(out_of_step(), kShared);
}

TEST_F(ThinEvenly, CoversSensorsThatAreReadOutOfStepOnAChannelForEach) {
    expect_even_however_long(out_of_step(), kOwn);
}

/// What the same outage writes to disk, until it is `overflow` times too long or has written `enough`.
std::uint64_t bytes_written(const OutboxOptions& options, const std::string& telemetry, double overflow,
                            std::uint64_t enough) {
    Disk disk(Disk::Log::none);
    Gateway gateway(options, kFourPeriods, telemetry);
    while (gateway.overflow() < overflow && disk.counts().written_bytes < enough)
        gateway.live_one_second();
    return disk.counts().written_bytes;
}

TEST_F(ThinEvenly, WritesLessThanDroppingTheOldest) {
    int cases = 0;
    for (const std::string& telemetry : {kShared, kOwn}) {
        for (const double overflow : {10.0, 100.0, 1000.0}) {
            options_.path = (directory_ / ("thin-" + std::to_string(cases++))).string();
            options_.when_full = DropPolicy::thin;
            const std::uint64_t thin = bytes_written(options_, telemetry, overflow, ~std::uint64_t{0});
            options_.path += "-oldest";
            options_.when_full = DropPolicy::oldest;
            const std::uint64_t oldest = bytes_written(options_, telemetry, overflow, 2 * thin);
            std::printf("%s, %.0f times: %ju bytes, dropping the oldest %ju%s\n", telemetry.c_str(), overflow, thin,
                        oldest, oldest < 2 * thin ? "" : " and more");
            EXPECT_LT(thin, oldest);
        }
    }
}

}  // namespace
}  // namespace fieldlink
