#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

/// One comment line of a wrong file: `# expect: LINE:COL: error: PART OF THE TEXT`; for a drop-in, its name comes
/// before LINE.
struct Expectation {
    std::string place;
    std::string part;
};

std::string read(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

std::vector<Expectation> expectations(const std::string& text) {
    static const std::regex line(R"(# expect: (?:(\S+\.yaml):)?(\d+:\d+): error: ([^\n]*))");
    std::vector<Expectation> result;
    for (std::sregex_iterator match(text.begin(), text.end(), line); match != std::sregex_iterator(); ++match) {
        const std::string file = (*match)[1].matched ? (*match)[1].str() + ":" : "";
        result.push_back({file + (*match)[2].str(), (*match)[3].str()});
    }
    return result;
}

std::vector<std::filesystem::path> wrong_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(CONFIG_TEST_FILES "/wrong")) {
        files.push_back(entry.is_directory() ? entry.path() / "fieldlink.yaml" : entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// `FILE:LINE:COL: error: TEXT` with the main file's name left out and a drop-in's shortened.
std::string shortened(std::string problem, const std::filesystem::path& file) {
    const std::string main = file.string() + ":";
    const std::string directory = file.parent_path().string() + "/";
    const std::string& known = problem.compare(0, main.size(), main) == 0 ? main : directory;
    return problem.erase(0, known.size());
}

class WrongFile : public testing::TestWithParam<std::filesystem::path> {
protected:
    OutsideService outside_;
};

TEST_P(WrongFile, HasEachMistakeReportedAtItsPlaceWithARemedy) {
    const std::string text = read(GetParam());
    if (text.rfind("# real-driver\n", 0) == 0) GTEST_SKIP() << "a mistake that the modbus driver itself finds";
    const std::vector<Expectation> expected = expectations(text);
    ASSERT_FALSE(expected.empty()) << "there is no line '# expect: LINE:COL: error: …'";

    FakeDrivers drivers;
    const Loaded loaded = load_config(GetParam(), drivers);

    EXPECT_FALSE(loaded.config.has_value());
    std::vector<std::string> errors;
    for (const Problem& problem : loaded.problems) {
        if (problem.severity == Severity::error) errors.push_back(shortened(to_string(problem), GetParam()));
    }
    ASSERT_EQ(errors.size(), expected.size()) << testing::PrintToString(errors);
    for (std::size_t i = 0; i < errors.size(); ++i) {
        EXPECT_EQ(errors[i].rfind(expected[i].place + ": error: ", 0), 0u)
            << errors[i] << "\nnot at " << expected[i].place;
        EXPECT_NE(errors[i].find(expected[i].part), std::string::npos) << errors[i] << "\nwithout " << expected[i].part;
        EXPECT_EQ(errors[i].find("hunter2"), std::string::npos) << "shows a secret: " << errors[i];
    }
}

std::string test_name(const testing::TestParamInfo<std::filesystem::path>& info) {
    const bool is_directory = info.param.filename() == "fieldlink.yaml";
    std::string name = is_directory ? info.param.parent_path().filename() : info.param.stem();
    std::replace_if(
        name.begin(), name.end(), [](unsigned char letter) { return !std::isalnum(letter); }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Files, WrongFile, testing::ValuesIn(wrong_files()), test_name);

TEST(WrongFiles, AreOneForEachKindOfMistake) {
    std::set<std::string> remedies;
    for (const std::filesystem::path& file : wrong_files()) {
        for (const Expectation& expectation : expectations(read(file)))
            remedies.insert(expectation.part);
    }
    EXPECT_GE(wrong_files().size(), 34u);
    EXPECT_GE(remedies.size(), wrong_files().size() - 5) << "files that repeat one another";
}

}  // namespace
}  // namespace fieldlink
