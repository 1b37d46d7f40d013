#include "daemon/clock/kept_time.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <stdlib.h>

namespace fieldlink {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kThen{1'764'000'000};

class KeptTimeTest : public ::testing::Test {
protected:
    KeptTimeTest() {
        std::string folder = (std::filesystem::temp_directory_path() / "fieldlink-kept-time-XXXXXX").string();
        if (!::mkdtemp(folder.data())) throw std::runtime_error("cannot make a temporary directory");
        folder_ = folder;
    }
    ~KeptTimeTest() override { std::filesystem::remove_all(folder_); }

    std::string path() const { return (folder_ / "server-time").string(); }
    void write(const std::string& text) const { std::ofstream(path()) << text; }
    std::string text() const {
        std::ifstream file(path());
        return std::string(std::istreambuf_iterator<char>(file), {});
    }

    std::filesystem::path folder_;
};

TEST_F(KeptTimeTest, KeepsATimeOverRestarts) {
    EXPECT_EQ(KeptTime(path()).value(), seconds(0));
    EXPECT_TRUE(KeptTime(path()).keep(kThen));
    EXPECT_EQ(KeptTime(path()).value(), kThen);
    EXPECT_FALSE(std::filesystem::exists(path() + ".new"));
}

TEST_F(KeptTimeTest, NeverGoesBack) {
    KeptTime kept(path());
    kept.keep(kThen);
    EXPECT_TRUE(kept.keep(kThen - hours(24)));
    EXPECT_EQ(kept.value(), kThen);
    EXPECT_EQ(KeptTime(path()).value(), kThen);
}

TEST_F(KeptTimeTest, WritesAtMostOnceAnHour) {
    KeptTime kept(path());
    kept.keep(kThen);
    std::filesystem::remove(path());
    EXPECT_TRUE(kept.keep(kThen + minutes(59)));
    EXPECT_FALSE(std::filesystem::exists(path()));
    EXPECT_TRUE(kept.keep(kThen + minutes(60)));
    EXPECT_EQ(KeptTime(path()).value(), kThen + minutes(60));
}

TEST_F(KeptTimeTest, TakesADamagedFileForNone) {
    for (const char* damaged : {"", "\n", "17640000", "x1764000000\n", "1764000000x\n", "-5\n",
                                "99999999999999999999\n", "99999999999\n", "1764000000"}) {
        write(damaged);
        EXPECT_EQ(KeptTime(path()).value(), seconds(0)) << damaged;
    }
    write("1764000000\n");
    EXPECT_EQ(KeptTime(path()).value(), kThen);
}

TEST_F(KeptTimeTest, SaysThatItCannotBeWrittenAndLeavesWhatThereIs) {
    KeptTime kept(path());
    kept.keep(kThen);
    const std::string before = text();
    std::filesystem::create_directory(path() + ".new");
    EXPECT_FALSE(kept.keep(kThen + hours(2)));
    EXPECT_EQ(kept.value(), kThen);
    EXPECT_EQ(text(), before);
}

}  // namespace
}  // namespace fieldlink
