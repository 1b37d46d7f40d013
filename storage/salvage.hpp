#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/buffer.hpp"
#include "storage/gap_book.hpp"
#include "storage/log.hpp"

namespace fieldlink {

/// A damaged file that was moved aside, read piece by piece: what is owed in it and whole goes into the present file
/// under its old id, what is owed and not whole becomes a loss with the reason "corrupt". Which messages are owed is
/// what the damaged file says; if it cannot say so, all of them.
class Salvage {
public:
    /// Opens it. Nothing can be salvaged from a file that cannot be opened: it is through then.
    Salvage(std::string file, std::int64_t next, std::int64_t last);
    ~Salvage();

    const std::string& file() const { return file_; }

    /// The greatest position that it knows of; 0 if none.
    std::int64_t last_position() const { return last_; }

    bool can_be_read() const { return source_ != nullptr; }

    /// Otherwise everything in it counts as owed, and what is missing cannot be named.
    bool knows_what_is_owed() const;

    /// What the last epoch's numbers are less than its positions.
    std::int64_t last_seq_offset() const;

    /// What is written down of a salvage, so that a later start goes on with it.
    struct Task {
        std::string file;
        std::int64_t next, last;
    };

    /// This one, and those that the file itself was the target of and that were not through.
    std::vector<Task> tasks() const;

    /// The last message of each channel that it knows of.
    std::map<std::string, Previous> channels() const;

    /// One piece: messages to be written, at most about `max_bytes` of them, and losses to be noted. They live as long
    /// as this does.
    struct Piece {
        std::vector<BufferedMessage> messages;
        std::vector<std::pair<GapKey, Gap>> losses;
        std::uint64_t readings = 0;
        std::int64_t next = 0;  ///< where the one after it begins
    };

    /// The same piece again until it is written().
    Piece read(std::size_t max_bytes) const;
    void written(const Piece& piece) { next_ = piece.next; }
    bool is_last(const Piece& piece) const { return piece.next > last_; }

private:
    struct Source;
    BufferedMessage message_of(Row row) const;
    void read_one(std::int64_t position, Piece& piece, std::size_t& bytes) const;
    void lost(std::int64_t first, std::int64_t last, Piece& piece) const;
    std::optional<std::int64_t> next_owed(std::int64_t from) const;

    std::string file_;
    std::int64_t next_, last_;
    std::unique_ptr<Source> source_;
};

}  // namespace fieldlink
