#include "config/sections/batch_section.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kKiB = 1024;

// The service takes frames of 64 KB, and the smallest outbox commits of 64 KiB with a little beside each message.
constexpr std::uint64_t kMaxFrame = 60 * kKiB;

}  // namespace

BatchConfig read_batch(Section& root) {
    BatchConfig batch;
    auto section = root.section("batch");
    if (!section) return batch;
    section->duration("max_age", batch.max_age, {10ms, 24h});
    section->size("max_bytes", batch.max_bytes, {kKiB, kMaxFrame});
    section->whole("max_readings", batch.max_readings, {1, 1'000'000});
    section->refuse_unknown_keys();
    return batch;
}

}  // namespace fieldlink
