#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "storage/channels.hpp"
#include "storage/epochs.hpp"
#include "storage/message.hpp"
#include "storage/packer.hpp"
#include "storage/sqlite.hpp"

namespace fieldlink {

class Alternation;

/// A row of `message` or `urgent` without its body.
struct RowHead {
    std::int64_t position = 0, channel = 0;
    Kind kind = Kind::readings;
    std::string prev_epoch;     ///< empty: the message's own
    std::int64_t prev_seq = 0;  ///< 0: no message before it on its channel
    Stamp created;
    std::uint32_t readings = 0;
    std::chrono::milliseconds first{0}, last{0};
    std::string sensors;  ///< one a line, not more than a gap record would name
    std::uint32_t crc = 0;
    std::uint64_t bytes = 0;  ///< that it takes, about
};

struct Row {
    RowHead head;
    std::string body;
};

/// What a row's bytes are about, from its texts and its body.
std::uint64_t row_bytes(std::string_view sensors, std::size_t body_size);

/// The names of sensors as a row keeps them.
std::string sensor_lines(const std::set<std::string>& sensors);
std::set<std::string> sensors_in(const std::string& lines);

/// The checksum of rows: it covers also the names that a row's id and its channel stand for.
class Seal {
public:
    Seal(const Epochs& epochs, const Channels& channels) : epochs_(epochs), channels_(channels) {}

    /// Absent if damage has removed one of those names.
    std::optional<std::uint32_t> of(const RowHead& head, std::string_view body) const;
    bool is_whole(const Row& row) const { return of(row.head, row.body) == row.head.crc; }

private:
    const Epochs& epochs_;
    const Channels& channels_;
};

/// One of the two tables of messages.
class MessageTable {
public:
    MessageTable(Database& database, const std::string& table, const Seal& seal, Packer& packer);

    /// Writes the row, in place of one that may be there, with a checksum of its own. Throws StorageError.
    void write(const RowHead& head, std::string_view body);
    void erase(std::int64_t position);

    /// The first row whose position is at least `position`. Throws StorageError, also if damage gives another one.
    std::optional<Row> read(std::int64_t position);
    std::optional<RowHead> head(std::int64_t position);

    bool is_whole(const Row& row) const { return seal_.is_whole(row); }

private:
    RowHead head_from(const Rows& rows, std::int64_t position) const;

    Database& database_;
    const Seal& seal_;
    Packer& packer_;
    Statement write_, erase_, read_, head_;
};

/// A message of readings, parted into what stays and what goes.
struct ThinnedRow {
    Row kept;
    RowHead given_up;
};

/// Parts the readings of a row by what the alternation keeps.
ThinnedRow thin_row(const Row& row, Alternation& alternation);

}  // namespace fieldlink
