#include "daemon/watch/symlink_walk.hpp"

#include <filesystem>
#include <vector>

#include <gmock/gmock.h>
#include <stdlib.h>

namespace fieldlink::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

class SymlinkWalk : public ::testing::Test {
protected:
    SymlinkWalk() {
        std::string name = (fs::temp_directory_path() / "fieldlink-walk-XXXXXX").string();
        directory = fs::canonical(::mkdtemp(name.data()));
    }
    ~SymlinkWalk() override { fs::remove_all(directory); }

    std::vector<std::string> visited(const fs::path& path) const {
        std::vector<std::string> all;
        walk_symlinks(path, [&all](const std::string& visit) { all.push_back(visit); });
        return all;
    }

    fs::path directory;
};

TEST_F(SymlinkWalk, VisitsWhereTheFileIs) {
    fs::create_directories(directory / "a/b");
    EXPECT_THAT(visited(directory / "a/b/file"), ElementsAre(directory / "a/b"));
}

TEST_F(SymlinkWalk, VisitsWhereTheWayEnds) {
    EXPECT_THAT(visited(directory / "a/b/file"), ElementsAre(directory));
}

TEST_F(SymlinkWalk, VisitsEachPlaceWithALink) {
    fs::create_directories(directory / "a/b");
    fs::create_directory_symlink("b", directory / "a/link");
    fs::create_symlink(directory / "a/link/file", directory / "token");
    EXPECT_THAT(visited(directory / "token"), ElementsAre(directory, directory / "a", directory / "a/b"));
}

TEST_F(SymlinkWalk, EndsInARingOfLinks) {
    fs::create_symlink("two", directory / "one");
    fs::create_symlink("one", directory / "two");
    EXPECT_LE(visited(directory / "one").size(), 256u);
}

}  // namespace
}  // namespace fieldlink::test
