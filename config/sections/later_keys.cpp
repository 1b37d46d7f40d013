#include "config/sections/later_keys.hpp"

namespace fieldlink {

const LaterKeys& later_keys() {
    // clang-format off
    static const LaterKeys keys{
        {"commands.allow.calibrate",       "this command is rejected"},
        {"commands.allow.reboot",          "this command is rejected"},
        {"commands.allow.set",             "this command is rejected"},
        {"commands.remember",              "ids of commands are not remembered"},
        {"buses.*.isolate",                "the driver runs inside the daemon"},
        {"sensors.*.device",               "there are no templates yet; the sensor is skipped"},
        {"sensors.*.setup",                "nothing is written when the device connects"},
        {"sensors.*.calibrate",            "the sensor cannot be calibrated"},
        {"sensors.*.report.deadband",      "every reading is reported"},
        {"sensors.*.points.*.every",       "the point is read whenever its sensor is"},
        {"sensors.*.points.*.error_value", "this value is reported like any other"},
    };
    // clang-format on
    return keys;
}

const std::vector<std::string>& later_drivers() {
    static const std::vector<std::string> drivers{"i2c", "serial", "sysfs"};
    return drivers;
}

}  // namespace fieldlink
