#include "config/secret.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Secret : public testing::Test {
protected:
    std::filesystem::path write(const std::string& name, const std::string& content) const {
        const std::filesystem::path file = directory_.write(name, content);
        std::filesystem::permissions(file, std::filesystem::perms::owner_read);
        return file;
    }
    std::string read(const std::string& content) const {
        return read_secret({SecretRef::From::file, write("secret", content).string(), {}});
    }
    std::string refusal(const SecretRef& ref) const {
        try {
            read_secret(ref);
        } catch (const SecretError& error) {
            return error.what();
        }
        return "";
    }
    std::string refusal(const std::string& content) const {
        return refusal({SecretRef::From::file, write("secret", content).string(), {}});
    }
    /// What load_config() says of `token: REF`, inside of a service or not.
    std::vector<std::string> problems(const std::string& ref, const char* invocation) const {
        const Variable token("FIELDLINK_TOKEN", "secret");
        const Variable inside("INVOCATION_ID", invocation);
        const std::filesystem::path file = directory_.write("fieldlink.yaml", text(ref));
        FakeDrivers drivers;
        std::vector<std::string> result;
        for (const Problem& problem : load_config(file, drivers).problems) {
            result.push_back(to_string(problem).substr(file.string().size() + 1));
        }
        return result;
    }
    static std::string text(const std::string& ref) {
        ConfigText config;
        config.uplink = "uplink: {url: wss://a, auth: {token: " + ref + "}}\n";
        return config.text();
    }

    OutsideService outside_;
    TemporaryDirectory directory_;
};

TEST_F(Secret, FromAFileLosesItsTrailingNewline) {
    EXPECT_EQ(read("hunter2\n"), "hunter2");
    std::filesystem::remove(directory_.path / "secret");
    EXPECT_EQ(read("hunter2\r\n"), "hunter2");
    std::filesystem::remove(directory_.path / "secret");
    EXPECT_EQ(read(" hunter2 "), " hunter2 ");
}

TEST_F(Secret, IsReadAnewEachTime) {
    const std::filesystem::path file = directory_.write("secret", "old");
    EXPECT_EQ(read_secret({SecretRef::From::file, file.string(), {}}), "old");
    directory_.write("secret", "new");
    EXPECT_EQ(read_secret({SecretRef::From::file, file.string(), {}}), "new");
}

TEST_F(Secret, ComesFromTheServicesCredentials) {
    write("token", "hunter2\n");
    const SecretRef ref{SecretRef::From::credential, "token", {}};
    EXPECT_THAT(refusal(ref), HasSubstr("$CREDENTIALS_DIRECTORY is not set"));
    const Variable credentials("CREDENTIALS_DIRECTORY", directory_.path.c_str());
    EXPECT_EQ(read_secret(ref), "hunter2");
}

TEST_F(Secret, ComesFromTheEnvironment) {
    const Variable token("FIELDLINK_TOKEN", "hunter2");
    EXPECT_EQ(read_secret({SecretRef::From::env, "FIELDLINK_TOKEN", {}}), "hunter2");
    EXPECT_THAT(refusal({SecretRef::From::env, "FIELDLINK_NOTHING", {}}), HasSubstr("FIELDLINK_NOTHING is not set"));
}

TEST_F(Secret, IsRefusedWithoutBeingShown) {
    EXPECT_THAT(refusal(std::string("\n")), HasSubstr("is empty"));
    std::filesystem::remove(directory_.path / "secret");
    EXPECT_THAT(refusal(std::string(16 * 1024 + 1, 'x')), HasSubstr("is larger than 16 KiB"));
    std::filesystem::remove(directory_.path / "secret");
    const std::string two_lines = refusal(std::string("hunter2\nhunter3\n"));
    EXPECT_THAT(two_lines, HasSubstr("several lines"));
    EXPECT_THAT(two_lines, Not(HasSubstr("hunter")));
    EXPECT_THAT(refusal({SecretRef::From::file, "/nowhere/secret", {}}), HasSubstr("/nowhere/secret does not exist"));
    EXPECT_THAT(refusal({SecretRef::From::file, "/tmp", {}}), HasSubstr("is not a regular file"));
}

TEST_F(Secret, ThatIsMissingIsAWarningForPeopleAndAnErrorForTheService) {
    for (const char* const ref : {"{file: /nowhere/token}", "{env: FIELDLINK_NOTHING}", "{credential: nothing}"}) {
        EXPECT_THAT(problems(ref, nullptr), ElementsAre(HasSubstr(": warning: uplink.auth.token."))) << ref;
        EXPECT_THAT(problems(ref, "1"), ElementsAre(HasSubstr(": error: uplink.auth.token."))) << ref;
    }
}

TEST_F(Secret, ThatIsThereAndKeptFromOthersIsFine) {
    EXPECT_THAT(problems("{file: " + write("token", "hunter2").string() + "}", "1"), IsEmpty());
}

TEST_F(Secret, ThatEverybodyMayReadIsAnErrorEverywhere) {
    const std::filesystem::path file = directory_.write("token", "hunter2");
    std::filesystem::permissions(file, std::filesystem::perms(0604));
    for (const char* const invocation : {static_cast<const char*>(nullptr), "1"}) {
        EXPECT_THAT(problems("{file: " + file.string() + "}", invocation),
                    ElementsAre(HasSubstr("2:45: error: uplink.auth.token.file: everybody on this machine may read")));
    }
    std::filesystem::permissions(file, std::filesystem::perms(0640));
    EXPECT_THAT(problems("{file: " + file.string() + "}", nullptr), IsEmpty());
}

TEST_F(Secret, ThatIsThereButUnfitIsAnErrorEverywhere) {
    EXPECT_THAT(problems("{file: " + write("token", "").string() + "}", nullptr),
                ElementsAre(HasSubstr(": error: uplink.auth.token.file: the secret file ")));
}

TEST_F(Secret, InPlaceOfAReferenceIsNeverRepeated) {
    for (const char* const ref :
         {"hunter2", "[hunter2]", "{hunter2}", "{value: hunter2}", "{file: hunter2}", "{credential: ../hunter2}",
          "{env: 'hunter2 x'}", "{file: [hunter2]}", "{file: /x, env: hunter2}", "{file: {hunter2: 1}}", "", "{}"}) {
        const auto found = problems(ref, nullptr);
        ASSERT_EQ(found.size(), 1u) << ref;
        EXPECT_THAT(found[0], HasSubstr(": error: uplink.auth.token")) << ref;
        EXPECT_THAT(found[0], Not(HasSubstr("hunter"))) << ref;
    }
}

}  // namespace
}  // namespace fieldlink
