#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "tests/config/fake_drivers.hpp"

namespace fieldlink {

/// A directory of its own for one test, removed at its end.
class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    /// Makes a file, and the directories that lead to it.
    std::filesystem::path write(const std::string& name, const std::string& text) const;

    const std::filesystem::path path;
};

/// Sets or, without a value, removes a variable of the environment until its end.
class Variable {
public:
    Variable(std::string name, const char* value);
    ~Variable();
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    std::string name_;
    std::optional<std::string> before_;
};

/// As for somebody at a terminal, whatever the tests are run by.
struct OutsideService {
    Variable credentials{"CREDENTIALS_DIRECTORY", nullptr};
    Variable invocation{"INVOCATION_ID", nullptr};
};

/// A configuration that is right, in parts that a test replaces. Each ends with a newline.
struct ConfigText {
    std::string gateway = "gateway: {id: sensor-42}\n";
    std::string uplink = "uplink:\n  url: wss://rms.metered.ca\n  auth: {token: {env: FIELDLINK_TOKEN}}\n";
    std::string more;  ///< keys of the uplink, or whole sections
    std::string buses = "buses:\n  plant: {driver: modbus, tcp: 192.0.2.10:502}\n";
    std::string sensors = "sensors:\n  boiler: {bus: plant, unit: 3, points: {temperature: {input: 0}}}\n";

    std::string text() const { return gateway + uplink + more + buses + sensors; }
};

/// load_config() on a text, with a token in the environment. Problems are without the file's name, as
/// "LINE:COL: error: TEXT".
struct LoadedText {
    std::optional<Config> config;
    std::vector<std::string> problems;
};
LoadedText load_text(const std::string& text, FakeDrivers& drivers);
LoadedText load_text(const std::string& text);

}  // namespace fieldlink
