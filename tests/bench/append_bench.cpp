// What an append costs beside a bare SQLite loop with the same pragmas and the same transactions, and how many bytes
// reach the disk for each byte of payload. Both run in turns, on the filesystem of the directory that is given.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <sqlite3.h>
#include <stdlib.h>

#include "storage/outbox.hpp"

namespace fieldlink {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::uint64_t kMaxBytes = 256 << 20;
constexpr double kLimit = 0.8, kAim = 0.9;

NewMessage message_of(std::size_t bytes) {
    NewMessage message;
    message.channel = "fleet/gw/telemetry";
    message.readings = static_cast<std::uint32_t>(bytes / 87);
    message.sensors = {"boiler", "meter"};
    message.body.resize(bytes);
    // Nothing here compresses; the content does not matter.
    for (std::size_t i = 0; i < bytes; ++i)
        message.body[i] = static_cast<char>(i * 131 + i / 7);
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

void compare(const fs::path& directory, std::size_t bytes, int rounds, int appends) {
    const std::string name = std::to_string(bytes);
    Outbox outbox(options_at(directory / ("outbox" + name), kMaxBytes));
    BareLoop bare(directory / ("bare" + name));
    const std::vector<NewMessage> batch{message_of(bytes)};
    std::vector<double> ratios, ours, theirs;
    for (int round = 0; round < rounds; ++round) {
        // Which goes first alternates, so that neither always finds the disk busy with the other's data.
        const auto run_ours = [&] { ours.push_back(seconds_for(appends, [&] { outbox.append(batch); })); };
        if (round % 2 == 0) run_ours();
        theirs.push_back(seconds_for(appends, [&] { bare.append(batch[0].body); }));
        if (round % 2 == 1) run_ours();
        ratios.push_back(theirs.back() / ours.back());
    }
    std::printf("append %6zu bytes: outbox %7.0f/s, bare loop %7.0f/s, ratio %.2f (limit %.1f, aim %.1f)\n", bytes,
                appends / median(ours), appends / median(theirs), median(ratios), kLimit, kAim);
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

/// One batch a second, acked with the next one; `full` includes giving up old messages for each new one.
void measure_wear(const fs::path& directory, const char* what, std::uint64_t max_bytes, bool full) {
    constexpr std::size_t kBody = 50 * 87;
    constexpr int kAppends = 3000;
    Outbox outbox(options_at(directory / what, max_bytes));
    const std::vector<NewMessage> batch{message_of(kBody)};
    const auto append = [&] { outbox.settle({outbox.append(batch) - 1}); };
    if (full)
        for (std::uint64_t bytes = 0; bytes < max_bytes; bytes += kBody)
            append();
    const std::uint64_t before = written_bytes();
    for (int i = 0; i < kAppends; ++i)
        append();
    const double ratio = static_cast<double>(written_bytes() - before) / (kAppends * double{kBody});
    std::printf("bytes written per byte of payload, 50 readings a batch, %s: %.2f\n", what, ratio);
}

int run(const fs::path& parent) {
    std::string name = (parent / "append_bench-XXXXXX").string();
    const fs::path directory = ::mkdtemp(name.data());
    compare(directory, 48 * 1024, 40, 50);
    compare(directory, 4 * 1024, 40, 200);
    measure_wear(directory, "not yet full", kMaxBytes, false);
    measure_wear(directory, "full", 8 << 20, true);
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
