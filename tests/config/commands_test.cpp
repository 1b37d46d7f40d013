#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadedText load_commands(const std::string& keys) {
    ConfigText config;
    config.more = "commands: {" + keys + "}\n";
    return load_text(config.text());
}

TEST(Commands, AreTakenFromAnybodyUnlessSendersAreNamed) {
    const LoadedText loaded = load_commands("from: [operator, 'site-*']");
    EXPECT_THAT(loaded.problems, IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_THAT(loaded.config->commands.from, ElementsAre("operator", "site-*"));
    EXPECT_THAT(load_commands("").config->commands.from, IsEmpty());
}

TEST(Commands, MayAllBeForbidden) {
    const LoadedText loaded = load_commands("allow: []");
    EXPECT_THAT(loaded.problems, IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_THAT(loaded.config->commands.allow, IsEmpty());
}

TEST(Commands, ThatAreTheDefaultDoNotWarnWhateverTheirOrder) {
    EXPECT_THAT(load_commands("allow: [calibrate, replay, poll, read, write]").problems, IsEmpty());
}

TEST(Commands, ThatAreNotActiveYetWarnWhereTheyAreListed) {
    EXPECT_THAT(load_commands("allow: [write, reboot]").problems,
                ElementsAre(HasSubstr("5:27: warning: commands.allow[1]: not active yet: this command is rejected")));
}

TEST(Commands, AreListedOnce) {
    EXPECT_THAT(load_commands("allow: [write, read, write]").problems,
                ElementsAre(HasSubstr("5:33: error: commands.allow[2]: \"write\" is listed twice")));
}

TEST(Commands, HaveSendersThatCanExist) {
    EXPECT_THAT(load_commands("from: ['', " + std::string(129, 'x') + "]").problems,
                ElementsAre(HasSubstr("5:19: error: commands.from[0]: is empty"),
                            HasSubstr("5:23: error: commands.from[1]: is longer than a peerId can be")));
}

TEST(Commands, ComeInDirectFramesOnlyFromNamedSenders) {
    EXPECT_THAT(load_commands("direct: true").problems,
                ElementsAre(HasSubstr("5:20: error: commands.direct: whoever may send direct frames")));
    EXPECT_TRUE(load_commands("direct: true, from: [operator]").config);
}

}  // namespace
}  // namespace fieldlink
