#include "daemon/log.hpp"

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

namespace fieldlink::log {
namespace {

const Level max_level = std::getenv("FIELDLINK_DEBUG") ? Level::debug : Level::info;

/// systemd names the device and inode of the journal's socket, so that a redirected stderr is noticed.
bool stderr_is_the_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    if (!stream) return false;
    unsigned long long device = 0, inode = 0;
    struct stat file {};
    return std::sscanf(stream, "%llu:%llu", &device, &inode) == 2 && ::fstat(STDERR_FILENO, &file) == 0 &&
           file.st_dev == device && file.st_ino == inode;
}

void write_to_journal(Level level, std::string_view text, Fields fields) {
    std::vector<std::string> entries{"PRIORITY=" + std::to_string(static_cast<int>(level)),
                                     "MESSAGE=" + std::string(text), "SYSLOG_IDENTIFIER=fieldlinkd"};
    for (const Field& field : fields)
        entries.push_back(std::string(field.name) + "=" + std::string(field.value));
    std::vector<iovec> parts;
    for (std::string& entry : entries)
        parts.push_back({entry.data(), entry.size()});
    sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
}

const char* name(Level level) {
    switch (level) {
        case Level::error:
            return "error";
        case Level::warning:
            return "warning";
        case Level::notice:
            return "notice";
        case Level::info:
            return "info";
        case Level::debug:
            return "debug";
    }
    return "";
}

/// One write() a line, so that lines of several threads do not mix.
void write_to_stderr(Level level, std::string_view text, Fields fields) {
    std::string line = std::string(name(level)) + ": " + std::string(text);
    for (const Field& field : fields)
        line += " " + std::string(field.name) + "=" + std::string(field.value);
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    line += '\n';
    if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;  // nowhere left to say it
}

}  // namespace

void write(Level level, std::string_view text, Fields fields) {
    if (level > max_level) return;
    static const bool journal = stderr_is_the_journal();
    if (journal)
        write_to_journal(level, text, fields);
    else
        write_to_stderr(level, text, fields);
}

}  // namespace fieldlink::log
