#include "daemon/json/reader.hpp"

#include <cfloat>

#include <gtest/gtest.h>

#include "daemon/json/writer.hpp"

namespace fieldlink {
namespace {

TEST(JsonReader, GivesEachMemberInItsType) {
    const JsonDocument document(R"({"s":"text","i":-7,"d":1.5,"b":true,"n":null,"o":{"x":1},"a":[1,2]})");
    const JsonValue root = document.root();
    EXPECT_EQ(root["s"].string(), "text");
    EXPECT_EQ(root["i"].integer(), -7);
    EXPECT_EQ(root["d"].number(), 1.5);
    EXPECT_EQ(root["b"].boolean(), true);
    EXPECT_TRUE(root["n"].is_null());
    EXPECT_EQ(root["o"]["x"].integer(), 1);
    EXPECT_TRUE(root["a"].is_array());
}

TEST(JsonReader, GivesNothingForTheWrongTypeOrAMissingMember) {
    const JsonDocument document(R"({"s":"text","i":7})");
    const JsonValue root = document.root();
    EXPECT_FALSE(root["s"].integer());
    EXPECT_FALSE(root["s"].boolean());
    EXPECT_FALSE(root["i"].string());
    EXPECT_FALSE(root["i"]["deeper"]["still"].exists());
    EXPECT_EQ(root["missing"].raw(), "");
    EXPECT_FALSE(root["missing"].first().exists());
    EXPECT_FALSE(root["missing"].next().exists());
}

TEST(JsonReader, TellsIntegersFromOtherNumbers) {
    const JsonDocument document("[9223372036854775807,-9223372036854775808,9223372036854775808,60.0,0.5,1e300]");
    JsonValue value = document.root().first();
    EXPECT_EQ(value.integer(), INT64_MAX);
    EXPECT_EQ((value = value.next()).integer(), INT64_MIN);
    EXPECT_FALSE((value = value.next()).integer());
    EXPECT_EQ(value.number(), 9223372036854775808.0);
    EXPECT_EQ((value = value.next()).integer(), 60);
    EXPECT_FALSE((value = value.next()).integer());
    EXPECT_FALSE((value = value.next()).integer());
    EXPECT_FALSE(value.next().exists());
}

TEST(JsonReader, ReadsZeroHoweverItIsWritten) {
    for (const char* zero : {"0", "-0", "0.0", "0e300", "-0e300", "0.0e300", "0E+100", "0e-300", "1e-400"}) {
        const JsonDocument document(zero);
        EXPECT_EQ(document.root().number(), 0.0) << zero;
        EXPECT_EQ(document.root().integer(), 0) << zero;
        EXPECT_EQ(document.root().raw(), zero);
    }
}

TEST(JsonReader, ReadsNumbersUpToTheEndsOfADouble) {
    const JsonDocument document("[1.7976931348623157e308,-1.7976931348623157e308,4.9e-324,9223372036854775808]");
    std::vector<double> numbers;
    for (JsonValue v = document.root().first(); v.exists(); v = v.next())
        numbers.push_back(v.number().value());
    EXPECT_EQ(numbers, (std::vector<double>{DBL_MAX, -DBL_MAX, 4.9e-324, 9223372036854775808.0}));
    for (const char* beyond : {"1.7976931348623159e308", "-1.8e308", "1e400"})
        EXPECT_FALSE(JsonDocument(beyond).valid()) << beyond;
}

TEST(JsonReader, GivesTheTextOfAValueAsItIsWritten) {
    const JsonDocument document(R"( { "a" : [ 1 , {"x":"\u00e4"} ] , "n":1.50e1, "e" : {} ,"s": "q\"" } )");
    const JsonValue root = document.root();
    EXPECT_EQ(root["a"].raw(), R"([ 1 , {"x":"\u00e4"} ])");
    EXPECT_EQ(root["n"].raw(), "1.50e1");
    EXPECT_EQ(root["e"].raw(), "{}");
    EXPECT_EQ(root["s"].raw(), R"("q\"")");
    EXPECT_EQ(root["s"].string(), "q\"");
    EXPECT_EQ(root["a"].first().next()["x"].string(), "\xC3\xA4");
    EXPECT_EQ(root.raw().front(), '{');
    EXPECT_EQ(root.raw().back(), '}');
}

TEST(JsonReader, TakesWholeSurrogatePairsAndTheirNeighbours) {
    const JsonDocument document(R"(["\ud83d\ude00","\ud7ff","\ue000"])");
    const JsonValue emoji = document.root().first();
    EXPECT_EQ(emoji.string(), "\xF0\x9F\x98\x80");
    EXPECT_EQ(emoji.next().string(), "\xED\x9F\xBF");
    EXPECT_EQ(emoji.next().next().string(), "\xEE\x80\x80");
}

TEST(JsonReader, WalksMembersAndElementsInOrder) {
    const JsonDocument document(R"({"a":{"x":[1,[2]]},"b":[],"c":3})");
    std::string names;
    for (JsonValue v = document.root().first(); v.exists(); v = v.next())
        names += v.name();
    EXPECT_EQ(names, "abc");
    EXPECT_FALSE(document.root()["b"].first().exists());
    EXPECT_FALSE(document.root()["a"]["x"].next().exists());
}

TEST(JsonReader, TakesTheLastOfDoubledMembers) {
    const JsonDocument document(R"({"a":1,"a":2})");
    EXPECT_EQ(document.root()["a"].integer(), 2);
}

TEST(JsonReader, FindsNamesWrittenWithEscapes) {
    const JsonDocument document(R"({"\u0061b":1})");
    EXPECT_EQ(document.root()["ab"].integer(), 1);
}

class FaultyText : public ::testing::TestWithParam<std::string> {};

TEST_P(FaultyText, IsRefusedWithAReason) {
    const JsonDocument document(GetParam());
    EXPECT_FALSE(document.valid());
    EXPECT_NE(document.error(), "");
    EXPECT_FALSE(document.root().exists());
}

INSTANTIATE_TEST_SUITE_P(JsonReader, FaultyText,
                         ::testing::Values("", " ", "{", "[1,]", R"({"a"})", "nul", "{}{}", R"("\ud800")",
                                           R"("\udc00")", R"("a\uDDDDb")", R"({"\udfff":1})", R"("\ud800\ud800")",
                                           "\"\xff\"", "\"\xED\xA0\x80\"", "1e999", R"({"a":1,})", "[1 2]", "\"open",
                                           "NaN", "<html></html>", "]", std::string("{}\0{}", 5),
                                           std::string("\"a\0b\"", 5)));

TEST(JsonReader, RefusesWhatIsNestedTooDeep) {
    const std::string fits = std::string(32, '[') + std::string(32, ']');
    EXPECT_TRUE(JsonDocument(fits).valid());
    EXPECT_FALSE(JsonDocument("[" + fits + "]").valid());
    EXPECT_NE(JsonDocument(std::string(1'000'000, '[')).error().find("deeper than 32"), std::string::npos);
}

TEST(JsonReader, RefusesTooManyValuesAndTooManyBytes) {
    EXPECT_TRUE(JsonDocument("[1,2,3]", {100, 5, 4}).valid());
    EXPECT_FALSE(JsonDocument("[1,2,3,4]", {100, 5, 4}).valid());
    EXPECT_FALSE(JsonDocument("[1,2,3]", {6, 5, 4}).valid());
}

TEST(JsonWriter, EscapesWhatMustBeEscaped) {
    const std::string_view text = "plain \"quoted\" back\\slash\n\t\r\x01 \xC3\xA4";
    std::string json;
    append_json_string(json, text);
    EXPECT_EQ(json, "\"plain \\\"quoted\\\" back\\\\slash\\n\\t\\r\\u0001 \xC3\xA4\"");
    EXPECT_EQ(JsonDocument(json).root().string(), text);
}

}  // namespace
}  // namespace fieldlink
