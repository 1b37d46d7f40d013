#include "config/sections/outbox_section.hpp"

#include <filesystem>
#include <system_error>

#include "config/sections/disk_space.hpp"
#include "config/sections/paths.hpp"
#include "config/yaml/printable.hpp"
#include "config/yaml/quantity.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::uint64_t kPiB = kMiB * kMiB * 1024;

/// Where the operator changes the size: its value, or the place where it would be written.
Mark size_mark(Section& root, Section* outbox) {
    if (!outbox) return root.field().key;
    const auto size = outbox->find("max_size");
    return size ? size->mark() : outbox->field().key;
}

/// The daemon would start all the same, and keep readings in memory until somebody looks.
void check_place(const Field& field, const std::filesystem::path& path, Report& report) {
    std::error_code error;
    const std::filesystem::path directory = std::filesystem::absolute(path, error).parent_path();
    if (std::filesystem::is_directory(path, error)) {
        report.error(field, "is a directory; name a file in it, such as " + printable((path / "outbox.db").string()));
    } else if (!std::filesystem::exists(directory.parent_path(), error) && !error) {
        report.warning(field, "the directory " + printable(directory.parent_path().string()) +
                                  " does not exist, and only the last one of the path is created; create it");
    }
}

void check_disk(const OutboxConfig& outbox, const Mark& mark, Report& report) {
    const auto space = disk_space(outbox.path);
    const Fit fit = space ? judge_fit(*space, outbox.max_size) : Fit::fits;
    if (fit == Fit::fits) return;
    const std::string room = std::to_string((space->free + space->used_already) / kMiB) + "MiB";
    const std::string text = "the filesystem of " + printable(outbox.path) + " has room for " + room + ", not for " +
                             format_size(outbox.max_size) + "; write less, free space, or move outbox.path";
    if (fit == Fit::never) {
        report.error(mark, "outbox.max_size", text);
    } else {
        report.warning(mark, "outbox.max_size", text);
    }
}

}  // namespace

OutboxConfig read_outbox(Section& root, Report& report) {
    OutboxConfig outbox;
    auto section = root.section("outbox");
    if (section) {
        read_path(*section, "path", outbox.path, report);
        if (const auto path = section->find("path")) check_place(*path, outbox.path, report);
        section->size("max_size", outbox.max_size, {kMiB, kPiB});
        section->word("when_full", outbox.when_full, {"drop_oldest", "drop_newest", "thin_evenly"});
        section->word("durability", outbox.durability, {"power", "process", "deferred"});
        section->word("order", outbox.order, {"live_first", "oldest_first"});
        section->duration("keep_delivered", outbox.keep_delivered, {0ms, 24h * 3'650});
        section->refuse_unknown_keys();
    }
    check_disk(outbox, size_mark(root, section ? &*section : nullptr), report);
    return outbox;
}

}  // namespace fieldlink
