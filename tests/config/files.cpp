#include "tests/config/files.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace fieldlink {
namespace {

std::filesystem::path make_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "fieldlink-config-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a directory: " + name);
    return name;
}

void set(const std::string& name, const char* value) {
    if (value) {
        setenv(name.c_str(), value, 1);
    } else {
        unsetenv(name.c_str());
    }
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() : path(make_directory()) {}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

std::filesystem::path TemporaryDirectory::write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = path / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
}

Variable::Variable(std::string name, const char* value) : name_(std::move(name)) {
    if (const char* const before = std::getenv(name_.c_str())) before_ = before;
    set(name_, value);
}

Variable::~Variable() {
    set(name_, before_ ? before_->c_str() : nullptr);
}

LoadedText load_text(const std::string& text, FakeDrivers& drivers) {
    const OutsideService outside;
    const Variable token("FIELDLINK_TOKEN", "secret");
    const TemporaryDirectory directory;
    const std::filesystem::path file = directory.write("fieldlink.yaml", text);
    Loaded loaded = load_config(file, drivers);
    LoadedText result{std::move(loaded.config), {}};
    for (const Problem& problem : loaded.problems) {
        result.problems.push_back(to_string(problem).substr(file.string().size() + 1));
    }
    return result;
}

LoadedText load_text(const std::string& text) {
    FakeDrivers drivers;
    return load_text(text, drivers);
}

}  // namespace fieldlink
