// Each case runs a workload once, notes all it does to the disk, and opens an outbox on what power cuts at hundreds of
// moments would have left of it.
#include "tests/support/disk/power_cut.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>

#include <gmock/gmock.h>

#include "tests/storage/outbox_fixture.hpp"
#include "tests/storage/power_cut_aftermath.hpp"

namespace fieldlink {
namespace {

using Kind = DiskEvent::Kind;

constexpr std::size_t kCuts = 700;
constexpr unsigned kSeed = 20'240'117;

// The workload appends up to four messages a second.
constexpr std::size_t kSyncedEvery = 30 * 4, kWrittenWithin = 3 * 4;

/// What a durability costs at worst when power is lost.
struct Promise {
    const char* name;
    DurabilityMode durability;
    std::size_t may_lose;  ///< appended messages, the newest ones
};

void PrintTo(const Promise& promise, std::ostream* stream) {
    *stream << promise.name;
}

bool is_rare(Kind kind) {
    return kind != Kind::write && kind != Kind::sync;
}

/// Around everything that is rare, at the start of everything, before and after syncs, and anywhere.
std::vector<std::size_t> moments_to_cut(const DiskLog& log, std::mt19937& random) {
    std::vector<std::size_t> moments, syncs;
    for (std::size_t i = 0; i < log.size(); ++i) {
        if (is_rare(log[i].kind) || i < 30) moments.insert(moments.end(), {i, i + 1});
        if (log[i].kind == Kind::sync) syncs.insert(syncs.end(), {i, i + 1});
    }
    std::shuffle(moments.begin(), moments.end(), random);
    moments.resize(std::min(moments.size(), kCuts / 3));
    while (moments.size() < kCuts)
        moments.push_back(moments.size() % 2 == 0 ? syncs[random() % syncs.size()] : random() % (log.size() + 1));
    std::sort(moments.begin(), moments.end());
    return moments;
}

class OutboxAfterPowerCut : public OutboxTest, public testing::WithParamInterface<Promise> {
protected:
    OutboxAfterPowerCut() { options_.durability = GetParam().durability; }

    static void write(const DiskImage& image, const std::filesystem::path& directory) {
        std::filesystem::remove_all(directory);
        std::filesystem::create_directory(directory);
        for (const auto& [name, content] : image)
            std::ofstream(directory / name, std::ios::binary) << content;
    }

    /// Epochs are random, so that another run with the same seeds does not write quite the same bytes.
    static void keep(const DiskImage& image) {
        const auto directory = std::filesystem::temp_directory_path() / "fieldlink-power-cut";
        write(image, directory);
        std::printf("the files that failed are kept in %s\n", directory.c_str());
    }

    void check(const PowerCutWorkload& workload, std::size_t moment, const DiskImage& image) {
        write(image, directory_ / "after");
        OutboxOptions options = workload.options_at(moment);
        options.path = (directory_ / "after" / "outbox.db").string();
        std::unique_ptr<Outbox> outbox;
        ASSERT_NO_THROW(outbox = std::make_unique<Outbox>(options));
        outbox->commit_acks();  // a loss that was found when it was opened is in a gap record now
        const PowerCutAftermath aftermath(workload, moment, GetParam().may_lose, *outbox);
        aftermath.expect_only_what_was_appended();
        aftermath.expect_nothing_lost();
        aftermath.expect_all_or_nothing_of_the_append_that_was_cut();
        aftermath.expect_true_counts();
        aftermath.expect_new_messages_work();
        most_owed_ = std::max(most_owed_, aftermath.owed());
        most_dropped_ = std::max(most_dropped_, aftermath.dropped());
        most_lost_ = std::max(most_lost_, aftermath.lost());
    }

    std::size_t most_owed_ = 0, most_dropped_ = 0, most_lost_ = 0;
};

std::string what_happens_at(const DiskLog& log, std::size_t moment) {
    constexpr const char* kNames[] = {"create", "write", "truncate", "sync", "remove", "rename", "sync_directory"};
    if (moment == log.size()) return "the end";
    return kNames[static_cast<int>(log[moment].kind)] + (" of file " + std::to_string(log[moment].file));
}

TEST_P(OutboxAfterPowerCut, KeepsWhatItPromised) {
    PowerCutWorkload workload(options_, kSeed);
    workload.run();
    const DiskLog& log = workload.log();
    std::mt19937 random(kSeed);
    PowerCut cut(log);
    for (const std::size_t moment : moments_to_cut(log, random)) {
        const auto seed = static_cast<unsigned>(random());
        SCOPED_TRACE("cut before event " + std::to_string(moment) + " of " + std::to_string(log.size()) + ", " +
                     what_happens_at(log, moment) + ", seed " + std::to_string(seed));
        cut.advance_to(moment);
        std::mt19937 of_cut(seed);
        const DiskImage image = cut.image(of_cut);
        check(workload, moment, image);
        if (HasFailure()) return keep(image);
    }
    std::printf("%zu cuts (seed %u) of %zu events, %zu messages; up to %zu owed, %zu dropped and %zu lost at a cut\n",
                kCuts, kSeed, log.size(), workload.truth().messages().size(), most_owed_, most_dropped_, most_lost_);
    EXPECT_GT(most_owed_, 100U) << "the workload leaves too little to lose";
    EXPECT_GT(most_dropped_, 100U) << "the workload does not fill the outbox";
    EXPECT_EQ(most_lost_ > 0, GetParam().may_lose > 0) << "a durability that loses nothing more is not another one";
}

INSTANTIATE_TEST_SUITE_P(Durability, OutboxAfterPowerCut,
                         testing::Values(Promise{"power", DurabilityMode::power, 0},
                                         Promise{"process", DurabilityMode::process, kSyncedEvery},
                                         Promise{"deferred", DurabilityMode::deferred, kWrittenWithin}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace fieldlink
