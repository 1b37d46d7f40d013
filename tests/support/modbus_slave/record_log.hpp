#pragma once

#include <fstream>
#include <string>

#include "tests/support/modbus_slave/slave.hpp"

namespace fieldlink {

/// What was served, one JSON object a line, so that a test knows the truth:
///
///     {"t":1764000000000,"op":"read","unit":3,"table":"input","address":0,"values":[772,4871]}
///
/// `op` is read, write (values as the device holds them afterwards), exception (with `count` and `code`) or silent
/// (with `count`); `t` is Unix ms when the answer left.
class RecordLog {
public:
    /// Appends to the file at `path`; with an empty path nothing is kept. Throws std::system_error.
    explicit RecordLog(const std::string& path);

    void write(const Served& served);

    /// Whoever reads the file now sees everything that was written.
    void flush() { file_.flush(); }

private:
    std::ofstream file_;
};

}  // namespace fieldlink
