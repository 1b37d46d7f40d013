#include "drivers/driver_library.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace fieldlink {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// A directory of drivers that the test fills.
class DriverDirectory : public testing::Test {
protected:
    DriverDirectory() {
        std::string pattern = (fs::temp_directory_path() / "fieldlink-drivers-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
    }
    ~DriverDirectory() override { fs::remove_all(directory_); }

    fs::path put(const std::string& name) {
        const fs::path to = directory_ / (name + ".so");
        fs::copy_file(fs::path(FIELDLINK_TEST_PLUGINS) / (name + ".so"), to);
        return to;
    }
    /// Why `name` is not loaded; empty if it is.
    std::string refusal(const std::string& name) {
        try {
            DriverLibrary(directory_).load(name);
            return {};
        } catch (const DriverError& error) {
            return error.what();
        }
    }

    fs::path directory_;
};

TEST_F(DriverDirectory, LoadsADriverOnceAndKeepsItsTable) {
    put("plain");
    DriverLibrary library(directory_);
    const fl_driver& driver = library.load("plain");
    EXPECT_STREQ(driver.name, "plain");
    EXPECT_EQ(&library.load("plain"), &driver);
}

TEST_F(DriverDirectory, ListsDriversWithoutLoadingThem) {
    put("plain");
    put("dice");
    put("no_symbol");
    std::ofstream(directory_ / "README.txt") << "no driver";
    std::ofstream(directory_ / "Not A Name.so") << "no driver";
    EXPECT_THAT(DriverLibrary(directory_).names(), ElementsAre("dice", "no_symbol", "plain"));
}

TEST_F(DriverDirectory, NamesTheDriversThatAreThereWhenOneIsMissing) {
    put("plain");
    put("dice");
    EXPECT_THAT(refusal("modbos"), AllOf(HasSubstr("no driver \"modbos\""), HasSubstr("dice, plain")));
}

TEST_F(DriverDirectory, RefusesANameThatCouldLeaveTheDirectory) {
    put("plain");
    EXPECT_THAT(refusal("../plain"), HasSubstr("not a driver's name"));
    EXPECT_THAT(refusal(""), HasSubstr("not a driver's name"));
    EXPECT_THAT(refusal("Plain"), HasSubstr("not a driver's name"));
}

TEST_F(DriverDirectory, RefusesAFileThatItsGroupCanWrite) {
    fs::permissions(put("plain"), fs::perms::group_write, fs::perm_options::add);
    EXPECT_THAT(refusal("plain"), AllOf(HasSubstr("by its group or by others"), HasSubstr("chmod go-w")));
}

TEST_F(DriverDirectory, RefusesAFileThatOthersCanWrite) {
    fs::permissions(put("plain"), fs::perms::others_write, fs::perm_options::add);
    EXPECT_THAT(refusal("plain"), HasSubstr("by its group or by others"));
}

TEST_F(DriverDirectory, RefusesADirectoryThatOthersCanWrite) {
    put("plain");
    fs::permissions(directory_, fs::perms::others_write, fs::perm_options::add);
    EXPECT_THAT(refusal("plain"), AllOf(HasSubstr(directory_.string() + ":"), HasSubstr("by its group or by others")));
}

TEST_F(DriverDirectory, RefusesAFileOfAnotherUser) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    ASSERT_EQ(::chown(put("plain").c_str(), 12345, 12345), 0);
    EXPECT_THAT(refusal("plain"), HasSubstr("belongs to user 12345"));
}

TEST_F(DriverDirectory, RefusesASymbolicLink) {
    fs::create_symlink(fs::path(FIELDLINK_TEST_PLUGINS) / "plain.so", directory_ / "plain.so");
    EXPECT_THAT(refusal("plain"), HasSubstr("symbolic link"));
}

TEST_F(DriverDirectory, RefusesWhatIsNotAFile) {
    fs::create_directory(directory_ / "plain.so");
    EXPECT_THAT(refusal("plain"), HasSubstr("not a regular file"));
}

TEST_F(DriverDirectory, RefusesWhatIsNotALibrary) {
    std::ofstream(directory_ / "plain.so") << "this is a text";
    EXPECT_THAT(refusal("plain"), HasSubstr("cannot be loaded"));
}

TEST_F(DriverDirectory, RefusesALibraryThatIsNoDriver) {
    put("no_symbol");
    EXPECT_THAT(refusal("no_symbol"), HasSubstr("exports no fieldlink_driver"));
}

TEST_F(DriverDirectory, RefusesAnotherVersionOfTheInterface) {
    put("wrong_version");
    EXPECT_THAT(refusal("wrong_version"), HasSubstr("built for driver interface 2, this fieldlinkd has 1"));
}

TEST_F(DriverDirectory, RefusesATableThatIsTooSmall) {
    put("small_table");
    EXPECT_THAT(refusal("small_table"), HasSubstr("104 bytes instead of 112"));
}

TEST_F(DriverDirectory, RefusesADriverUnderAnotherName) {
    put("wrong_name");
    EXPECT_THAT(refusal("wrong_name"), HasSubstr("calls itself \"plain\""));
}

TEST_F(DriverDirectory, RefusesATableWithAnEmptyEntry) {
    put("hole");
    EXPECT_THAT(refusal("hole"), HasSubstr("empty entries"));
}

TEST_F(DriverDirectory, SaysSoWhenTheDirectoryIsMissing) {
    fs::remove_all(directory_);
    EXPECT_THAT(refusal("plain"), HasSubstr("driver directory cannot be read"));
    EXPECT_TRUE(DriverLibrary(directory_).names().empty());
}

TEST_F(DriverDirectory, MakesARelativeDirectoryAbsolute) {
    put("plain");
    const fs::path before = fs::current_path();
    fs::current_path(directory_);
    DriverLibrary library(".");
    fs::current_path(before);
    EXPECT_STREQ(library.load("plain").name, "plain");
}

}  // namespace
}  // namespace fieldlink
