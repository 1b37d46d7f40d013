#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/message.hpp"
#include "storage/sqlite.hpp"

namespace fieldlink {

/// A row of `message` or `urgent` without its body.
struct RowHead {
    std::int64_t seq = 0, channel = 0;
    Kind kind = Kind::readings;
    std::string prev_epoch;     ///< empty: the message's own
    std::int64_t prev_seq = 0;  ///< 0: no message before it on its channel
    Stamp created;
    std::uint32_t readings = 0;
    std::chrono::milliseconds first{0}, last{0};
    std::string sensors;  ///< one a line, not more than a gap record would name
    std::uint32_t crc = 0;
};

struct Row {
    RowHead head;
    std::string body;
};

/// The checksum of a row: it covers also the names that its id and its channel stand for.
std::uint32_t checksum(const RowHead& head, std::string_view message_id_prefix, std::string_view channel,
                       std::string_view body);

/// One of the two tables of messages.
class MessageTable {
public:
    MessageTable(Database& database, const std::string& table);

    void insert(const RowHead& head, std::string_view body);
    void erase(std::int64_t seq);

    /// The first row whose number is at least `seq`.
    std::optional<Row> read(std::int64_t seq);
    std::optional<RowHead> head(std::int64_t seq);

private:
    Statement insert_, erase_, read_, head_;
};

}  // namespace fieldlink
