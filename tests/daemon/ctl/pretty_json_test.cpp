#include "daemon/ctl/outbox/pretty_json.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

std::string pretty(const std::string& json) {
    const JsonDocument document(json);
    EXPECT_TRUE(document.valid()) << document.error();
    return pretty_json(document.root());
}

TEST(PrettyJson, BreaksWhatHoldsMoreThanScalars) {
    EXPECT_EQ(
        pretty(R"({"seq":418,"message":{"readings":[{"sensor":"b","values":{"t":71.50}},{"sensor":"c"}]},"e":[]})"),
        R"({
  "seq": 418,
  "message": {
    "readings": [
      {
        "sensor": "b",
        "values": {"t": 71.50}
      },
      {"sensor": "c"}
    ]
  },
  "e": []
}
)");
}

TEST(PrettyJson, BreaksWhatIsTooLongForALine) {
    const std::string text(70, 'x');
    EXPECT_EQ(pretty(R"({"a":")" + text + R"(","b":"1234567890"})"),
              "{\n  \"a\": \"" + text + "\",\n  \"b\": \"1234567890\"\n}\n");
    EXPECT_EQ(pretty("[1, 2,3]"), "[1, 2, 3]\n");
}

TEST(PrettyJson, KeepsValuesAndNamesAsTheyAre) {
    EXPECT_EQ(pretty(R"({"a\"\u001b":"\u001b\"","n":1.0e5,"z":null})"),
              "{\"a\\\"\\u001b\": \"\\u001b\\\"\", \"n\": 1.0e5, \"z\": null}\n");
    EXPECT_EQ(pretty("7"), "7\n");
    EXPECT_EQ(pretty("{}"), "{}\n");
}

}  // namespace
}  // namespace fieldlink
