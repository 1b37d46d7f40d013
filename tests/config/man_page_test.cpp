#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/yaml/tree.hpp"
#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using testing::HasSubstr;

std::string read(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

/// All keys of a configuration but the names of buses, sensors and points, and what belongs to drivers.
void collect_keys(const YamlNode& node, std::set<std::string>& keys) {
    static const std::set<std::string> not_ours{"plant", "boiler",  "temperature", "setpoint",
                                                "tcp",   "holding", "value"};
    for (const YamlEntry& entry : node.entries) {
        if (not_ours.count(entry.key) == 0) keys.insert(entry.key);
        collect_keys(entry.value, keys);
    }
}

TEST(ManPage, DescribesEveryKey) {
    YamlFault fault;
    const auto root = parse_yaml(read(CONFIG_TEST_FILES "/right/every_key.yaml"), "f", fault);
    ASSERT_TRUE(root) << fault.text;
    std::set<std::string> keys{"provision", "secret", "token", "tls", "ca_file", "cert", "key", "device"};
    collect_keys(*root, keys);
    const std::string page = read(CONFIG_MAN_PAGE);
    for (const std::string& key : keys) {
        const bool is_there =
            page.find("Ic " + key) != std::string::npos || page.find(".Ss " + key) != std::string::npos;
        EXPECT_TRUE(is_there) << key;
    }
}

TEST(ManPage, HasAnExampleThatPasses) {
    const std::string page = read(CONFIG_MAN_PAGE);
    const std::string begin = ".Bd -literal -offset indent\n";
    const std::size_t first = page.find(begin, page.find(".Sh EXAMPLES")) + begin.size();
    const std::string example = page.substr(first, page.find(".Ed", first) - first);
    ASSERT_THAT(example, HasSubstr("gateway:"));
    const LoadedText loaded = load_text(example);
    EXPECT_TRUE(loaded.config) << testing::PrintToString(loaded.problems);
}

}  // namespace
}  // namespace fieldlink
