#include "storage/rows.hpp"

#include <zlib.h>

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

const std::string kColumns =
    "seq, channel, kind, prev_epoch, prev_seq, created_boot, created_wall, readings, first_boot, last_boot, sensors, "
    "crc";

RowHead head_of(const Rows& rows) {
    RowHead head;
    head.seq = rows.integer(0);
    head.channel = rows.integer(1);
    head.kind = static_cast<Kind>(rows.integer(2));
    head.prev_epoch = rows.bytes(3);
    head.prev_seq = rows.integer(4);
    head.created = {milliseconds(rows.integer(5)), milliseconds(rows.integer(6))};
    head.readings = static_cast<std::uint32_t>(rows.integer(7));
    head.first = milliseconds(rows.integer(8));
    head.last = milliseconds(rows.integer(9));
    head.sensors = rows.bytes(10);
    head.crc = static_cast<std::uint32_t>(rows.integer(11));
    return head;
}

std::uint32_t extend(std::uint32_t crc, std::string_view bytes) {
    const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
    return static_cast<std::uint32_t>(crc32_z(crc, data, bytes.size()));
}

}  // namespace

std::uint32_t checksum(const RowHead& head, std::string_view message_id_prefix, std::string_view channel,
                       std::string_view body) {
    std::string text;
    for (const std::int64_t number :
         {head.seq, static_cast<std::int64_t>(head.kind), head.prev_seq, std::int64_t{head.created.boot.count()},
          std::int64_t{head.created.wall.count()}, std::int64_t{head.readings}, std::int64_t{head.first.count()},
          std::int64_t{head.last.count()}})
        text.append(std::to_string(number)).append(1, '\n');
    for (const std::string_view part :
         {message_id_prefix, channel, std::string_view(head.prev_epoch), std::string_view(head.sensors)})
        text.append(part).append(1, '\n');
    return extend(extend(static_cast<std::uint32_t>(crc32_z(0, nullptr, 0)), text), body);
}

MessageTable::MessageTable(Database& database, const std::string& table)
    : insert_(database, "INSERT INTO " + table + "(" + kColumns +
                            ", body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"),
      erase_(database, "DELETE FROM " + table + " WHERE seq = ?1"),
      read_(database, "SELECT " + kColumns + ", body FROM " + table + " WHERE seq >= ?1 ORDER BY seq LIMIT 1"),
      head_(database, "SELECT " + kColumns + " FROM " + table + " WHERE seq >= ?1 ORDER BY seq LIMIT 1") {}

void MessageTable::insert(const RowHead& head, std::string_view body) {
    insert_.run(head.seq, head.channel, static_cast<std::int64_t>(head.kind), head.prev_epoch, head.prev_seq,
                std::int64_t{head.created.boot.count()}, std::int64_t{head.created.wall.count()},
                std::int64_t{head.readings}, std::int64_t{head.first.count()}, std::int64_t{head.last.count()},
                head.sensors, std::int64_t{head.crc}, Blob{body});
}

void MessageTable::erase(std::int64_t seq) {
    erase_.run(seq);
}

std::optional<Row> MessageTable::read(std::int64_t seq) {
    Rows rows = read_.query(seq);
    if (!rows.next()) return std::nullopt;
    return Row{head_of(rows), std::string(rows.bytes(12))};
}

std::optional<RowHead> MessageTable::head(std::int64_t seq) {
    Rows rows = head_.query(seq);
    if (!rows.next()) return std::nullopt;
    return head_of(rows);
}

}  // namespace fieldlink
