#include "drivers/driver_plugin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/driven_bus.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;

const fl_driver& test_plugin(const std::string& name) {
    static DriverLibrary library(FIELDLINK_TEST_PLUGINS);
    return library.load(name);
}

BusText one_bus(std::vector<Written> settings = {}) {
    return {"b", std::move(settings), {{"s", {}, {{"p", {}}}}}};
}

TEST(DriverPlugin, RunsTheExampleOfItsHeader) {
    DrivenBus bus(test_plugin("dice"), {"b", {}, {{"cup", {}, {{"left", {{"sides", "2"}}}, {"right", {}}}}}});
    ASSERT_EQ(bus.open().status, FL_OK);
    const Called thrown = bus.poll(0);
    ASSERT_EQ(thrown.values.size(), 2u);
    EXPECT_THAT(thrown.values[0].as.s64, testing::AllOf(testing::Ge(1), testing::Le(2)));
    EXPECT_THAT(thrown.values[1].as.s64, testing::AllOf(testing::Ge(1), testing::Le(6)));
    EXPECT_EQ(bus.write(0, {fl_write{}}).status, FL_REJECTED);
}

TEST(DriverPlugin, RunsADriverInPlainC) {
    DrivenBus bus(test_plugin("plain"), one_bus());
    EXPECT_THAT(bus.poll(0).shown(), ElementsAre("42"));
}

TEST(DriverPlugin, TurnsAnExceptionInCreateIntoARefusal) {
    const DriverConfig config(test_plugin("throwing"), one_bus({{"throw_in_create", "true"}}));
    const fl_host host{sizeof host, 0, nullptr, nullptr};
    fl_bus* bus = nullptr;
    fl_error error{};
    EXPECT_EQ(test_plugin("throwing").create(&config.bus(), &host, &bus, &error), FL_REJECTED);
    EXPECT_STREQ(error.message, "create");
}

TEST(DriverPlugin, TurnsAnExceptionInCheckIntoAProblem) {
    EXPECT_THAT(problems_of(test_plugin("throwing"), one_bus()), ElementsAre("error b: check"));
}

TEST(DriverPlugin, ContainsExceptionsOfEveryCall) {
    DrivenBus bus(test_plugin("throwing"), one_bus());
    EXPECT_EQ(bus.open().status, FL_GONE);
    EXPECT_EQ(bus.open().message, "open");
    bus.close();
    EXPECT_EQ(bus.poll(0).status, FL_TRANSIENT);
    EXPECT_EQ(bus.poll(0).message, "the driver threw what is no std::exception");
}

TEST(DriverPlugin, CutsAMessageThatIsTooLong) {
    DrivenBus bus(test_plugin("throwing"), one_bus());
    EXPECT_EQ(bus.write(0, {fl_write{}}).message, std::string(sizeof(fl_error::message) - 1, 'x'));
}

TEST(DriverPluginSettings, ReadsEachKindAndFallsBackWhenAKeyIsMissing) {
    const fl_setting written[] = {{"on", FL_KEY_BOOLEAN, 0, 1, 0, "true"},
                                  {"count", FL_KEY_INTEGER, 0, 7, 7, "7"},
                                  {"share", FL_KEY_NUMBER, 0, 0, 0.5, "0.5"},
                                  {"wait", FL_KEY_DURATION, 0, 1500, 0, "1500ms"},
                                  {"word", FL_KEY_CHOICE, 0, 0, 0, "even"}};
    const fl_point_config point{"p", written, 5, 0};
    const Settings settings(point);
    EXPECT_TRUE(settings.boolean("on", false));
    EXPECT_EQ(settings.integer("count", 1), 7);
    EXPECT_EQ(settings.number("share", 1), 0.5);
    EXPECT_EQ(settings.duration("wait", {}), std::chrono::milliseconds(1500));
    EXPECT_EQ(settings.text("word"), "even");
    EXPECT_EQ(settings.integer("missing", 3), 3);
    EXPECT_EQ(settings.text("missing", "other"), "other");
    EXPECT_FALSE(settings.has("missing"));
}

TEST(DriverPluginSettings, TreatsAKeyOfAnotherKindAsAMistakeOfTheDriver) {
    const fl_setting written[] = {{"count", FL_KEY_TEXT, 0, 0, 0, "7"}};
    const fl_point_config point{"p", written, 1, 0};
    EXPECT_THROW(Settings(point).integer("count", 1), std::logic_error);
}

}  // namespace
}  // namespace fieldlink
