// Whatever happened to the files: the outbox starts, hands out nothing wrong, and takes new messages.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>

#include <gmock/gmock.h>

#include "tests/storage/file_damage.hpp"
#include "tests/storage/outbox_fixture.hpp"
#include "tests/storage/outbox_truth.hpp"

namespace fieldlink {
namespace {

constexpr unsigned kSeeds = 200;

/// By name.
using Files = std::map<std::string, std::string>;

Files read_files(const std::filesystem::path& directory) {
    Files files;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        std::ifstream stream(entry.path(), std::ios::binary);
        files[entry.path().filename().string()].assign(std::istreambuf_iterator<char>(stream), {});
    }
    return files;
}

void write_files(const Files& files, const std::filesystem::path& directory) {
    std::filesystem::remove_all(directory);
    std::filesystem::create_directory(directory);
    for (const auto& [name, content] : files)
        std::ofstream(directory / name, std::ios::binary) << content;
}

struct Outcome {
    std::string wrong;  ///< what must never be; empty if nothing was
    std::string stuck;  ///< why it cannot be used; empty if it can
};

class OutboxAfterDamage : public OutboxTest {
protected:
    OutboxAfterDamage() { options_.path = (directory_ / "made" / "outbox.db").string(); }

    /// Half of the messages are in the database, the others in the WAL, as after a power cut.
    Files prepare() {
        append(*std::make_unique<Outbox>(options_), 300);
        Outbox outbox(options_);
        append(outbox, 200);
        Files files = read_files(directory_ / "made");
        EXPECT_THAT(files, testing::SizeIs(2));
        return files;
    }

    void append(Outbox& outbox, int messages) {
        for (int i = 0; i < messages; i += 5) {
            std::vector<NewMessage> batch;
            for (int one = i; one < i + 5; ++one)
                batch.push_back(one % 9 == 0 ? result(body(outbox, one)) : message(body(outbox, one), 3));
            truth_.appended(outbox.epoch(), outbox.append(batch), batch, 0, 0);
            const auto taken = outbox.take(2, 10'000);
            outbox.settle({taken.front().position});
        }
        outbox.commit_acks();
    }

    static std::string body(const Outbox& outbox, int number) {
        const std::string mark = outbox.epoch() + '/' + std::to_string(number) + ' ';
        std::string text;
        for (int i = 0; i < 5 + number % 60; ++i)
            text += mark;
        return text;
    }

    Outcome open_and_use(const Files& files) {
        write_files(files, directory_ / "damaged");
        OutboxOptions options = options_;
        options.path = (directory_ / "damaged" / "outbox.db").string();
        Outcome outcome;
        doing_ = "opening";
        try {
            Outbox outbox(options);
            doing_ = "take()";
            take_what_is_left(outbox, outcome);
            doing_ = "append()";
            use(outbox, outcome);
        } catch (const StorageError& error) {
            outcome.stuck = doing_ + " throws " + error.what();
        } catch (const std::exception& error) {
            outcome.wrong = doing_ + " throws " + error.what();
        }
        return outcome;
    }

    void take_what_is_left(Outbox& outbox, Outcome& outcome) {
        std::set<MessageId> taken;
        // One by one, so that those before the first that cannot be read are looked at.
        for (auto next = outbox.take(1, 1 << 20); !next.empty(); next = outbox.take(1, 1 << 20)) {
            const StoredMessage& one = next.front();
            if (!taken.insert(id_of(one)).second) outcome.wrong = "handed out twice: " + std::to_string(one.seq);
            if (const std::string wrong = truth_.wrong_with(one); !wrong.empty()) outcome.wrong = wrong;
            ++handed_out_;
        }
    }

    /// Appends a message and looks for it in what is handed out.
    void use(Outbox& outbox, Outcome& outcome) {
        const MessageId id{outbox.epoch(), outbox.append({message("new", 5)})};
        if (truth_.messages().count(id) != 0) outcome.wrong = "an id came again";
        doing_ = "take() of a new message";
        outcome.stuck = "a new message is not handed out";
        for (const StoredMessage& one : outbox.take(100'000, 1 << 30)) {
            if (id_of(one) != id) continue;
            if (one.body != "new") outcome.wrong = "the new message was changed";
            doing_ = "settle()";
            outbox.settle({one.position});
            outbox.commit_acks();
            outcome.stuck.clear();
        }
    }

    /// One of many ways to damage them.
    static std::string inflict_any(Files& files, unsigned seed) {
        constexpr const char* kWhere[] = {" of the database", " of the WAL", " of both files"};
        const auto damage = static_cast<Damage>(seed % kDamages);
        const unsigned where = seed / kDamages % 3;
        std::mt19937 random(seed);
        if (where != 1) inflict(damage, files.at("outbox.db"), random);
        if (where != 0) inflict(damage, files.at("outbox.db-wal"), random);
        return std::string(name_of(damage)) + kWhere[where];
    }

    Truth truth_;
    std::string doing_;
    std::size_t handed_out_ = 0;
};

TEST_F(OutboxAfterDamage, HandsOutNothingWrong) {
    const Files whole = prepare();
    for (unsigned seed = 0; seed < kSeeds; ++seed) {
        Files files = whole;
        const std::string what = inflict_any(files, seed);
        EXPECT_EQ(open_and_use(files).wrong, "") << what << ", seed " << seed;
    }
    EXPECT_GT(handed_out_, 10'000U) << "damage leaves too little to compare";
    const Outcome undamaged = open_and_use(whole);
    EXPECT_EQ(undamaged.wrong + undamaged.stuck, "") << "without damage";
}

TEST_F(OutboxAfterDamage, StartsAndTakesNewMessages) {
    const Files whole = prepare();
    std::map<std::string, int> stuck;
    for (unsigned seed = 0; seed < kSeeds; ++seed) {
        Files files = whole;
        const std::string what = inflict_any(files, seed);
        const Outcome outcome = open_and_use(files);
        EXPECT_EQ(outcome.stuck, "") << what << ", seed " << seed;
        if (!outcome.stuck.empty()) ++stuck[what + ": " + doing_];
    }
    for (const auto& [what, times] : stuck)
        std::printf("%3d times %s\n", times, what.c_str());
}

TEST_F(OutboxAfterDamage, SurvivesThatAnyTwoBlocksAreSwapped) {
    // Several pages each: then a row that follows another one may have a smaller number.
    constexpr std::size_t kBlock = 4096;
    const Files whole = prepare();
    const std::string& database = whole.at("outbox.db");
    // Beyond what is used, the file has nothing but zeros.
    const std::size_t blocks = (database.find_last_not_of('\0') + kBlock) / kBlock;
    for (std::size_t a = 0; a < blocks; ++a)
        for (std::size_t b = a + 1; b < blocks; b += 3) {
            Files files = whole;
            files.at("outbox.db").replace(a * kBlock, kBlock, database, b * kBlock, kBlock);
            files.at("outbox.db").replace(b * kBlock, kBlock, database, a * kBlock, kBlock);
            const Outcome outcome = open_and_use(files);
            EXPECT_EQ(outcome.wrong, "") << a << " and " << b;
            EXPECT_EQ(outcome.stuck, "") << a << " and " << b;
        }
}

TEST_F(OutboxAfterDamage, KeepsAFileThatItCannotReadAside) {
    Files files = prepare();
    std::mt19937 random(1);
    inflict(Damage::replaced, files.at("outbox.db"), random);

    EXPECT_EQ(open_and_use(files).stuck, "");

    std::vector<std::string> contents;
    for (const auto& [name, content] : read_files(directory_ / "damaged"))
        contents.push_back(content);
    EXPECT_THAT(contents, testing::SizeIs(testing::Ge(2U)));
    EXPECT_EQ(std::count(contents.begin(), contents.end(), files.at("outbox.db")), 1) << "the damaged file is gone";
}

}  // namespace
}  // namespace fieldlink
