#include "tests/support/modbus_slave/record_log.hpp"

#include <cerrno>
#include <chrono>
#include <system_error>

namespace fieldlink {
namespace {

long long unix_ms() {
    using std::chrono::milliseconds;
    return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

RecordLog::RecordLog(const std::string& path) {
    if (path.empty()) return;
    file_.open(path, std::ios::app);
    if (!file_) throw std::system_error(errno, std::generic_category(), "cannot write the log " + path);
}

void RecordLog::write(const Served& served) {
    if (!file_.is_open()) return;
    const Request& request = served.request;
    file_ << R"({"t":)" << unix_ms() << R"(,"op":")" << served.op << R"(","unit":)" << request.unit << R"(,"table":")"
          << to_string(request.table) << R"(","address":)" << request.address;
    if (served.exception != 0) file_ << R"(,"code":)" << served.exception;
    if (served.values.empty()) {
        file_ << R"(,"count":)" << request.count << "}\n";
        return;
    }
    file_ << R"(,"values":)";
    char before = '[';
    for (const int value : served.values) {
        file_ << before << value;
        before = ',';
    }
    file_ << "]}\n";
}

}  // namespace fieldlink
