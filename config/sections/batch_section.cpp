#include "config/sections/batch_section.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kServiceFrame = 64 * kKiB;

}  // namespace

BatchConfig read_batch(Section& root, Report& report) {
    BatchConfig batch;
    auto section = root.section("batch");
    if (!section) return batch;
    section->duration("max_age", batch.max_age, {10ms, 24h});
    section->size("max_bytes", batch.max_bytes, {kKiB, 1024 * kKiB});
    section->whole("max_readings", batch.max_readings, {1, 1'000'000});
    section->refuse_unknown_keys();
    if (batch.max_bytes > kServiceFrame) {
        report.warning(*section->find("max_bytes"),
                       "the service takes frames of 64KiB, unless your plan says otherwise");
    }
    return batch;
}

}  // namespace fieldlink
