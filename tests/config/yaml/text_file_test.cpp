#include "config/yaml/text_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using testing::HasSubstr;

class TextFile : public testing::Test {
protected:
    std::string problem_of(const std::filesystem::path& file) {
        Report report;
        EXPECT_FALSE(read_text_file(file, report).has_value());
        EXPECT_EQ(report.sorted().size(), 1u);
        return report.sorted().empty() ? "" : to_string(report.sorted()[0]).substr(file.string().size());
    }

    TemporaryDirectory directory_;
};

TEST_F(TextFile, IsReadWithoutAByteOrderMark) {
    Report report;
    EXPECT_EQ(read_text_file(directory_.write("a",
                                              "\xEF\xBB\xBF"
                                              "a: 1\n"),
                             report),
              "a: 1\n");
    EXPECT_EQ(read_text_file(directory_.write("b", ""), report), "");
    EXPECT_EQ(report.errors(), 0u);
}

TEST_F(TextFile, ThatIsMissingOrNoFileIsReported) {
    EXPECT_THAT(problem_of(directory_.path / "nothing"), HasSubstr(": error: there is no such file"));
    EXPECT_THAT(problem_of(directory_.path), HasSubstr(": error: is a directory"));
    const std::filesystem::path pipe = directory_.path / "pipe";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THAT(problem_of(pipe), HasSubstr(": error: is not a regular file"));
}

TEST_F(TextFile, ThatIsTooLargeIsReported) {
    const auto file = directory_.write("large", "");
    std::filesystem::resize_file(file, 4 * 1024 * 1024 + 1);
    EXPECT_THAT(problem_of(file), HasSubstr(": error: is larger than 4 MiB"));
}

TEST_F(TextFile, ThatIsNoTextIsReportedAtTheFirstWrongByte) {
    EXPECT_THAT(problem_of(directory_.write("a", "a: °\nb: \xb0\n")),
                HasSubstr(":2:4: error: a byte that is not UTF-8"));
    EXPECT_THAT(problem_of(directory_.write("b", std::string("a: °\0", 6))),
                HasSubstr(":1:5: error: a control character"));
}

}  // namespace
}  // namespace fieldlink
