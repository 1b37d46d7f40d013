#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class DropIns : public testing::Test {
protected:
    Loaded load() {
        FakeDrivers drivers;
        return load_config(directory_.path / "fieldlink.yaml", drivers);
    }
    std::vector<std::string> problems() {
        std::vector<std::string> result;
        for (const Problem& problem : load().problems) {
            result.push_back(to_string(problem).substr(directory_.path.string().size() + 1));
        }
        return result;
    }

    OutsideService outside_;
    Variable token_{"FIELDLINK_TOKEN", "secret"};
    TemporaryDirectory directory_;
};

TEST_F(DropIns, AreReadInNameOrder) {
    directory_.write("fieldlink.yaml", ConfigText().text());
    directory_.write("conf.d/20.yaml", "sensors: {b: {bus: plant, unit: 1, points: {p: {input: 0}}}}\n");
    directory_.write("conf.d/10.yaml", "sensors: {c: {bus: plant, unit: 1, points: {p: {input: 0}}}}\n");
    const Loaded loaded = load();
    ASSERT_TRUE(loaded.config);
    std::vector<std::string> names;
    for (const SensorConfig& sensor : loaded.config->buses.at(0).sensors)
        names.push_back(sensor.name);
    EXPECT_THAT(names, ElementsAre("boiler", "c", "b"));
}

TEST_F(DropIns, ThatAreEmptyOrHiddenAreNothing) {
    directory_.write("fieldlink.yaml", ConfigText().text());
    directory_.write("conf.d/10.yaml", "");
    directory_.write("conf.d/20.yaml", "# sensors:\n");
    directory_.write("conf.d/.30.yaml", "not: [yaml\n");
    directory_.write("conf.d/readme.txt", "not: [yaml\n");
    EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(DropIns, WithTheWrongEndingAreMentioned) {
    directory_.write("fieldlink.yaml", ConfigText().text());
    directory_.write("conf.d/boiler.yml", "sensors: {}\n");
    EXPECT_THAT(problems(), ElementsAre(StartsWith("conf.d/boiler.yml: warning: is not read, only *.yaml is")));
}

TEST_F(DropIns, NameBothPlacesOfADouble) {
    directory_.write("fieldlink.yaml", ConfigText().text());
    directory_.write("conf.d/10.yaml", "buses:\n  plant: {driver: modbus, tcp: 192.0.2.11}\n");
    EXPECT_THAT(problems(), ElementsAre(AllOf(StartsWith("conf.d/10.yaml:2:3: error: buses.plant: is defined twice"),
                                              HasSubstr("/fieldlink.yaml:6:3"))));
}

TEST_F(DropIns, ThatAreNoMappingAreReported) {
    directory_.write("fieldlink.yaml", ConfigText().text());
    directory_.write("conf.d/10.yaml", "- sensors\n");
    EXPECT_THAT(problems(), ElementsAre(StartsWith("conf.d/10.yaml:1:1: error: must hold keys, not a list")));
}

TEST_F(DropIns, AreCheckedEvenIfTheMainFileIsBroken) {
    directory_.write("fieldlink.yaml", "gateway: {id: a\n");
    directory_.write("conf.d/10.yaml", "sensors: {b: {bus: plant, every: 1, unit: 1, points: {p: {input: 0}}}}\n");
    EXPECT_THAT(problems(), ElementsAre(StartsWith("fieldlink.yaml:1:10: error: not YAML: this { is never closed"),
                                        StartsWith("conf.d/10.yaml:1:34: error: sensors.b.every: \"1\"")));
}

TEST_F(DropIns, AreCheckedEvenIfThereIsNoMainFile) {
    directory_.write("conf.d/10.yaml", "batch: {}\n");
    EXPECT_THAT(problems(), ElementsAre(StartsWith("fieldlink.yaml: error: there is no such file"),
                                        StartsWith("conf.d/10.yaml:1:1: error: batch: is not a key here; move it to")));
}

TEST_F(DropIns, ThatAreDirectoriesAreReported) {
    directory_.write("fieldlink.yaml", ConfigText().text());
    directory_.write("conf.d/10.yaml/x", "");
    EXPECT_THAT(problems(), ElementsAre(StartsWith("conf.d/10.yaml: error: is a directory")));
}

TEST_F(DropIns, InAFileInsteadOfADirectoryAreReported) {
    directory_.write("fieldlink.yaml", ConfigText().text());
    directory_.write("conf.d", "");
    EXPECT_THAT(problems(), ElementsAre(StartsWith("conf.d: error: cannot be read: Not a directory")));
}

}  // namespace
}  // namespace fieldlink
