#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace fieldlink {

/// What the counting service has seen and written, with CLOCK_MONOTONIC, for one report in JSON.
class FrameLog {
public:
    using nanoseconds = std::chrono::nanoseconds;

    enum class Kind : std::uint8_t { backlog, other_publish, ping };

    /// To be called after its ack was written.
    void frame(Kind kind, std::size_t bytes, nanoseconds at) {
        frames_.push_back({at, static_cast<std::uint32_t>(bytes), kind});
        if (kind == Kind::backlog) last_backlog_ = at;
    }
    void command(unsigned number, nanoseconds at) { commands_.push_back({number, at}); }
    void connection() { ++connections_; }
    void too_fast() { ++too_fast_; }

    /// `{"frames":[[ns,bytes,kind],…],"commands":[[number,ns],…],"connections":n,"too_fast":n}`, on one line.
    void print(std::FILE* out) const;

    /// `{"idle":seconds,"commands":n}`: since the last frame of the backlog (null before the first), and sent so far.
    void print_progress(std::FILE* out, nanoseconds now) const;

private:
    struct Frame {
        nanoseconds at;
        std::uint32_t bytes;
        Kind kind;
    };
    struct Command {
        unsigned number;
        nanoseconds at;
    };

    std::vector<Frame> frames_;
    std::vector<Command> commands_;
    nanoseconds last_backlog_{0};
    unsigned connections_ = 0, too_fast_ = 0;
};

/// A file of frames, to be sent again by another: a length of 32 bits in the machine's order, then the text.
class FrameFile {
public:
    /// Throws if the file cannot be made.
    explicit FrameFile(const std::string& path);
    void add(const std::string& text);

    static std::vector<std::string> read(const std::string& path);

private:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace fieldlink
