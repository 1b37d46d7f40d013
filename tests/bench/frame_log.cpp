#include "tests/bench/frame_log.hpp"

#include <cinttypes>
#include <stdexcept>

namespace fieldlink {

void FrameLog::print(std::FILE* out) const {
    const char* separator = "";
    std::fputs("{\"frames\":[", out);
    for (const Frame& frame : frames_) {
        std::fprintf(out, "%s[%" PRId64 ",%" PRIu32 ",%d]", separator, static_cast<std::int64_t>(frame.at.count()),
                     frame.bytes, static_cast<int>(frame.kind));
        separator = ",";
    }
    std::fputs("],\"commands\":[", out);
    separator = "";
    for (const Command& command : commands_) {
        std::fprintf(out, "%s[%u,%" PRId64 "]", separator, command.number,
                     static_cast<std::int64_t>(command.at.count()));
        separator = ",";
    }
    std::fprintf(out, "],\"connections\":%u,\"too_fast\":%u}\n", connections_, too_fast_);
    std::fflush(out);
}

void FrameLog::print_progress(std::FILE* out, nanoseconds now) const {
    if (last_backlog_ == nanoseconds(0))
        std::fputs("{\"idle\":null", out);
    else
        std::fprintf(out, "{\"idle\":%.3f", std::chrono::duration<double>(now - last_backlog_).count());
    std::fprintf(out, ",\"commands\":%zu}\n", commands_.size());
    std::fflush(out);
}

FrameFile::FrameFile(const std::string& path) : file_(std::fopen(path.c_str(), "wb"), std::fclose) {
    if (!file_) throw std::runtime_error("cannot write " + path);
}

void FrameFile::add(const std::string& text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    const bool written =
        std::fwrite(&size, sizeof size, 1, file_.get()) == 1 && std::fwrite(text.data(), 1, size, file_.get()) == size;
    if (!written) throw std::runtime_error("cannot write the frames");
}

std::vector<std::string> FrameFile::read(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::vector<std::string> frames;
    for (std::uint32_t size = 0; std::fread(&size, sizeof size, 1, file.get()) == 1;) {
        frames.emplace_back(size, '\0');
        if (std::fread(frames.back().data(), 1, size, file.get()) != size) throw std::runtime_error(path + " is cut");
    }
    return frames;
}

}  // namespace fieldlink
