#include <gtest/gtest.h>

#include "config/sections/gateway_section.hpp"

namespace fieldlink {
namespace {

struct Read {
    std::string id;
    Problems problems;
};

Read read(const std::string& text, const std::string& host_name) {
    YamlFault fault;
    const std::optional<YamlNode> root = parse_yaml(text, "f", fault);
    Report report;
    Section section({&*root, {"f", 1, 1}, "", ""}, report);
    const std::string id = read_gateway(section, host_name, report);
    return {id, report.sorted()};
}

TEST(Gateway, IsNamedByItsHostUnlessItHasAnId) {
    EXPECT_EQ(read("a: 1\n", "pump-house").id, "pump-house");
    EXPECT_EQ(read("gateway: {}\n", "pump-house").id, "pump-house");
    EXPECT_EQ(read("gateway: {id: sensor-42}\n", "pump-house").id, "sensor-42");
}

TEST(Gateway, IsNotNamedByAHostNameThatClonesShare) {
    for (const char* const name : {"raspberrypi", "debian", "localhost", "Debian", "raspberrypi.local"}) {
        const Read result = read("\ngateway: {}\n", name);
        EXPECT_EQ(result.id, "");
        ASSERT_EQ(result.problems.size(), 1u) << name;
        EXPECT_EQ(result.problems[0].mark.line, 2);
        EXPECT_NE(result.problems[0].text.find("write gateway: {id: NAME}"), std::string::npos);
    }
}

TEST(Gateway, MayBeGivenSuchANameOnPurpose) {
    EXPECT_EQ(read("gateway: {id: debian}\n", "debian").id, "debian");
}

TEST(Gateway, IsNotNamedByAHostNameThatIsNoName) {
    EXPECT_EQ(read("a: 1\n", "pump house").problems.size(), 1u);
    EXPECT_EQ(read("a: 1\n", "").problems.size(), 1u);
}

TEST(Gateway, HasAnIdOfOneTo64PlainCharacters) {
    EXPECT_EQ(read("gateway: {id: " + std::string(64, 'a') + "}\n", "h").problems.size(), 0u);
    EXPECT_EQ(read("gateway: {id: " + std::string(65, 'a') + "}\n", "h").problems.size(), 1u);
    EXPECT_EQ(read("gateway: {id: ''}\n", "h").problems.size(), 1u);
    EXPECT_EQ(read("gateway: {id: a/b}\n", "h").problems.size(), 1u);
    EXPECT_EQ(read("gateway: {id: A.z_0-9}\n", "h").problems.size(), 0u);
}

}  // namespace
}  // namespace fieldlink
