// What an append costs beside a bare SQLite loop with the same pragmas and the same transactions, and how many bytes
// reach the disk for each byte of JSON that is published. Both run in turns, on the filesystem of the directory that is
// given. What its device writes is counted too, for all programs that use it: give a directory on a device of its own,
// such as a file that is mounted by loop.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "daemon/message/body.hpp"
#include "storage/outbox.hpp"
#include "tests/bench/fifty_readings.hpp"

namespace fieldlink {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::uint64_t kMaxBytes = 256 << 20;
constexpr double kLimit = 0.9;

NewMessage message_of(std::size_t bytes) {
    NewMessage message;
    message.channel = "fleet/gw/telemetry";
    message.readings = static_cast<std::uint32_t>(bytes / 87);
    message.sensors = {"boiler", "meter"};
    message.body.resize(bytes);
    // Nothing here gets smaller by packing.
    std::mt19937 random(1);
    for (char& byte : message.body)
        byte = static_cast<char>(random());
    return message;
}

OutboxOptions options_at(const fs::path& path, std::uint64_t max_bytes) {
    OutboxOptions options;
    options.path = path.string();
    options.max_bytes = max_bytes;
    options.gateway = "gw";
    options.boot_id = "boot";
    return options;
}

/// One table, one insert, the pragmas and the checkpoint interval of the outbox.
class BareLoop {
public:
    explicit BareLoop(const fs::path& path) {
        check(sqlite3_open(path.c_str(), &handle_));
        for (const char* sql :
             {"PRAGMA locking_mode = EXCLUSIVE", "PRAGMA page_size = 512", "PRAGMA journal_mode = WAL",
              "PRAGMA synchronous = FULL", "PRAGMA secure_delete = OFF", "PRAGMA temp_store = MEMORY",
              "PRAGMA cache_size = -768", "PRAGMA wal_autocheckpoint = 7800",
              "CREATE TABLE message(seq INTEGER PRIMARY KEY, body BLOB NOT NULL)"})
            check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
        check(sqlite3_prepare_v2(handle_, "INSERT INTO message VALUES(?1, ?2)", -1, &insert_, nullptr));
    }
    ~BareLoop() {
        sqlite3_finalize(insert_);
        sqlite3_close(handle_);
    }
    BareLoop(const BareLoop&) = delete;
    BareLoop& operator=(const BareLoop&) = delete;

    void append(const std::string& body) {
        check(sqlite3_exec(handle_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr));
        check(sqlite3_bind_int64(insert_, 1, ++seq_));
        check(sqlite3_bind_blob64(insert_, 2, body.data(), body.size(), SQLITE_STATIC));
        if (sqlite3_step(insert_) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(handle_));
        check(sqlite3_reset(insert_));
        check(sqlite3_exec(handle_, "COMMIT", nullptr, nullptr, nullptr));
    }

private:
    void check(int code) {
        if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(handle_));
    }

    sqlite3* handle_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
    std::int64_t seq_ = 0;
};

template <class Append>
double seconds_for(int appends, Append append) {
    const auto start = Clock::now();
    for (int i = 0; i < appends; ++i)
        append();
    return Seconds(Clock::now() - start).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void compare(const fs::path& directory, const char* what, const NewMessage& message, int rounds, int appends) {
    const std::string name = what + std::to_string(message.body.size());
    Outbox outbox(options_at(directory / ("outbox" + name), kMaxBytes));
    BareLoop bare(directory / ("bare" + name));
    const std::vector<NewMessage> batch{message};
    std::vector<double> ratios, ours, theirs;
    for (int round = 0; round < rounds; ++round) {
        // Which goes first alternates, so that neither always finds the disk busy with the other's data.
        const auto run_ours = [&] { ours.push_back(seconds_for(appends, [&] { outbox.append(batch); })); };
        if (round % 2 == 0) run_ours();
        theirs.push_back(seconds_for(appends, [&] { bare.append(batch[0].body); }));
        if (round % 2 == 1) run_ours();
        ratios.push_back(theirs.back() / ours.back());
    }
    std::printf("append %6zu bytes of %s: outbox %7.0f/s, bare loop %7.0f/s, ratio %.2f (limit %.1f)\n",
                message.body.size(), what, appends / median(ours), appends / median(theirs), median(ratios), kLimit);
}

/// /proc/self/io: what this process had the kernel write to storage.
std::uint64_t written_bytes() {
    std::ifstream io("/proc/self/io");
    std::string name;
    std::uint64_t value = 0;
    while (io >> name >> value)
        if (name == "write_bytes:") return value;
    throw std::runtime_error("/proc/self/io has no write_bytes");
}

/// What the device below the directory has written, the filesystem's own journal and tables included. Empty if there is
/// no such device (tmpfs, overlay).
std::optional<std::uint64_t> device_written_bytes(const fs::path& directory) {
    struct stat file {};
    const int opened = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool known = opened >= 0 && ::syncfs(opened) == 0 && ::fstat(opened, &file) == 0;
    if (opened >= 0) ::close(opened);
    if (!known) return std::nullopt;
    std::ifstream stat("/sys/dev/block/" + std::to_string(major(file.st_dev)) + ':' +
                       std::to_string(minor(file.st_dev)) + "/stat");
    constexpr int kSectorsWritten = 6;
    constexpr std::uint64_t kSector = 512;
    std::uint64_t value = 0;
    for (int field = 0; field <= kSectorsWritten; ++field)
        if (!(stat >> value)) return std::nullopt;
    return value * kSector;
}

std::size_t published_bytes(const NewMessage& message, const fs::path& path) {
    Outbox outbox(options_at(path, kMaxBytes));
    outbox.append({message});
    std::string json;
    render(outbox.take(1, message.body.size()).front(), std::chrono::milliseconds(0), json);
    return json.size();
}

double ratio(std::uint64_t bytes, int appends, std::size_t published) {
    return static_cast<double>(bytes) / (static_cast<double>(appends) * static_cast<double>(published));
}

struct Wear {
    const char* what;
    std::uint64_t max_bytes;
    DurabilityMode durability;
    bool full;  ///< giving up old messages for each new one is included
    double limit;
};

/// Batches that are each acked before the next one.
void measure_wear(const fs::path& directory, const Wear& wear) {
    constexpr int kAppends = 3000;
    FiftyReadings readings;
    const std::size_t published = published_bytes(readings.next(), directory / (std::string(wear.what) + " json"));
    OutboxOptions options = options_at(directory / wear.what, wear.max_bytes);
    options.durability = wear.durability;
    Outbox outbox(options);
    outbox.set_online(true);
    const auto append = [&] {
        for (const StoredMessage& sent : outbox.take(10, 1 << 20))
            outbox.settle({sent.position});
        const NewMessage batch = readings.next();
        outbox.append({batch});
        outbox.tend(batch.created);
    };
    std::uint64_t stored = 0;
    for (append(); wear.full && outbox.stats().stored_messages > stored; append())
        stored = outbox.stats().stored_messages;
    const auto device_before = device_written_bytes(directory);
    const std::uint64_t before = written_bytes();
    for (int i = 0; i < kAppends; ++i)
        append();
    const std::uint64_t written = written_bytes() - before;
    const auto device_after = device_written_bytes(directory);
    std::printf("bytes written per byte of published JSON (%zu bytes a second), %s: %.2f (limit %.2f)", published,
                wear.what, ratio(written, kAppends, published), wear.limit);
    if (device_before && device_after)
        std::printf("; by its device %.2f\n", ratio(*device_after - *device_before, kAppends, published));
    else
        std::printf("; by its device: not measured, it has none of its own\n");
}

int run(const fs::path& parent) {
    std::string name = (parent / "append_bench-XXXXXX").string();
    const fs::path directory = ::mkdtemp(name.data());
    FiftyReadings readings;
    compare(directory, "readings", readings.batch_of(44 * 1024), 40, 50);
    compare(directory, "readings", readings.next(), 40, 200);
    compare(directory, "noise", message_of(48 * 1024), 40, 50);
    compare(directory, "noise", message_of(4 * 1024), 40, 200);
    measure_wear(directory, {"not yet full", kMaxBytes, DurabilityMode::power, false, 5});
    measure_wear(directory, {"full", 8 << 20, DurabilityMode::power, true, 5});
    measure_wear(directory, {"deferred, with a healthy link", kMaxBytes, DurabilityMode::deferred, false, 0.05});
    fs::remove_all(directory);
    return 0;
}

}  // namespace
}  // namespace fieldlink

int main(int argc, char** argv) try {
    return fieldlink::run(argc > 1 ? argv[1] : ".");
} catch (const std::exception& error) {
    std::fprintf(stderr, "append_bench: %s\n", error.what());
    return 1;
}
