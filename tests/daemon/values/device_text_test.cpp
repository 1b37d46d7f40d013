#include "daemon/values/device_text.hpp"

#include <random>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

namespace fieldlink {
namespace {

std::string json_of(std::string_view text) {
    std::string json;
    append_device_text(json, text);
    return json;
}

TEST(DeviceText, KeepsGoodTextAndEscapesWhatJsonNeeds) {
    EXPECT_EQ(json_of("SDM120 °C €𝄞"), "\"SDM120 °C €𝄞\"");
    EXPECT_EQ(json_of("a\"b\\c\n\x01"), R"("a\"b\\c\n\u0001")");
    EXPECT_EQ(json_of(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(DeviceText, ReplacesEveryByteThatIsNotUtf8) {
    const std::string bad = "\"\xEF\xBF\xBD\"";
    for (const char* one : {"\xff", "\x80", "\xC2", "\xC1"})
        EXPECT_EQ(json_of(one), bad);
    EXPECT_EQ(json_of("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // an overlong slash
    EXPECT_EQ(json_of("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // a surrogate
    EXPECT_EQ(json_of("\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // cut off
}

TEST(DeviceText, MakesValidJsonOfAnyBytes) {
    std::mt19937 random(3);
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes(random() % 12, '\0');
        for (char& c : bytes)
            c = static_cast<char>(random());
        rapidjson::Document document;
        document.Parse<rapidjson::kParseValidateEncodingFlag>(json_of(bytes).c_str());
        ASSERT_FALSE(document.HasParseError());
    }
}

}  // namespace
}  // namespace fieldlink
