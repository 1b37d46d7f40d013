#include "config/sections/later_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> problems(const std::string& more) {
    ConfigText config;
    config.more = more;
    return load_text(config.text()).problems;
}

TEST(LaterKeys, DoNotWarnWhenTheyHaveTheirDefault) {
    EXPECT_THAT(problems("commands: {direct: false, remember: 7d, allow: [write, read, poll, replay, calibrate]}\n"),
                IsEmpty());
}

TEST(LaterKeys, WarnAtTheKeyWhenTheyHaveAnotherValue) {
    EXPECT_THAT(problems("commands: {remember: 1d}\n"),
                ElementsAre(HasSubstr("5:12: warning: commands.remember: not active yet: ")));
}

TEST(LaterKeys, AreCheckedAllTheSame) {
    EXPECT_THAT(problems("commands: {remember: soon}\n"), Contains(HasSubstr("error: commands.remember: \"soon\"")));
}

/// A row whose key nobody reads would be a promise that is never kept.
TEST(LaterKeys, AreAllReachedByAConfigurationWithEveryKey) {
    const OutsideService outside;
    FakeDrivers drivers;
    std::vector<std::string> texts;
    for (const char* const file : {"/right/every_key.yaml", "/right/design.yaml"}) {
        for (const Problem& problem : load_config(CONFIG_TEST_FILES + std::string(file), drivers).problems) {
            texts.push_back(problem.text);
        }
    }
    for (const auto& [schema, text] : later_keys()) {
        if (schema.rfind("commands.allow.", 0) == 0) continue;
        EXPECT_THAT(texts, Contains(HasSubstr("not active yet: " + text))) << schema;
    }
}

}  // namespace
}  // namespace fieldlink
