#include "storage/rows.hpp"

#include <algorithm>

#include <zlib.h>

#include "storage/error.hpp"
#include "storage/gap.hpp"
#include "storage/records.hpp"
#include "storage/stride.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

const std::string kColumns =
    "position, channel, kind, prev_epoch, prev_seq, created_boot, created_wall, readings, first_boot, last_boot, "
    "sensors, crc";

// Beside the kind: the body is packed.
constexpr std::int64_t kPacked = 16;

RowHead head_of(const Rows& rows) {
    RowHead head;
    head.position = rows.integer(0);
    head.channel = rows.integer(1);
    head.kind = static_cast<Kind>(rows.integer(2) & ~kPacked);
    head.prev_epoch = rows.bytes(3);
    head.prev_seq = rows.integer(4);
    head.created = {milliseconds(rows.integer(5)), milliseconds(rows.integer(6))};
    head.readings = static_cast<std::uint32_t>(rows.integer(7));
    head.first = milliseconds(rows.integer(8));
    head.last = milliseconds(rows.integer(9));
    head.sensors = rows.bytes(10);
    head.crc = static_cast<std::uint32_t>(rows.integer(11));
    head.bytes = row_bytes(head.sensors, static_cast<std::size_t>(std::max<std::int64_t>(rows.integer(12), 0)));
    return head;
}

std::uint32_t extend(std::uint32_t crc, std::string_view bytes) {
    const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
    return static_cast<std::uint32_t>(crc32_z(crc, data, bytes.size()));
}

/// The seq stands for the position: rows that are salvaged from another file keep their id, wherever they get to.
std::uint32_t checksum(const RowHead& head, std::int64_t seq, std::string_view id_prefix, std::string_view channel,
                       std::string_view body) {
    std::string text;
    for (const std::int64_t number :
         {seq, static_cast<std::int64_t>(head.kind), head.prev_seq, std::int64_t{head.created.boot.count()},
          std::int64_t{head.created.wall.count()}, std::int64_t{head.readings}, std::int64_t{head.first.count()},
          std::int64_t{head.last.count()}})
        text.append(std::to_string(number)).append(1, '\n');
    for (const std::string_view part :
         {id_prefix, channel, std::string_view(head.prev_epoch), std::string_view(head.sensors)})
        text.append(part).append(1, '\n');
    return extend(extend(static_cast<std::uint32_t>(crc32_z(0, nullptr, 0)), text), body);
}

}  // namespace

std::uint64_t row_bytes(std::string_view sensors, std::size_t body_size) {
    constexpr std::uint64_t kColumnsOfNumbers = 128;
    return kColumnsOfNumbers + sensors.size() + body_size;
}

std::string sensor_lines(const std::set<std::string>& sensors) {
    std::string lines;
    std::size_t count = 0;
    for (const std::string& sensor : sensors)
        if (++count <= kMaxGapSensors) lines.append(sensor).append(1, '\n');
    return lines;
}

std::set<std::string> sensors_in(const std::string& lines) {
    std::set<std::string> sensors;
    for (std::size_t begin = 0, end; (end = lines.find('\n', begin)) != std::string::npos; begin = end + 1)
        sensors.insert(lines.substr(begin, end - begin));
    return sensors;
}

std::optional<std::uint32_t> Seal::of(const RowHead& head, std::string_view body) const {
    const Epoch* epoch = epochs_.of(head.position);
    const std::string& channel = channels_.name_of(head.channel);
    if (!epoch || channel.empty()) return std::nullopt;
    return checksum(head, epoch->seq_of(head.position), epoch->id_prefix(), channel, body);
}

MessageTable::MessageTable(Database& database, const std::string& table, const Seal& seal, Packer& packer)
    : database_(database),
      seal_(seal),
      packer_(packer),
      write_(database, "INSERT OR REPLACE INTO " + table + "(" + kColumns +
                           ", body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"),
      erase_(database, "DELETE FROM " + table + " WHERE position = ?1"),
      read_(database, "SELECT " + kColumns + ", length(body), body FROM " + table +
                          " WHERE position >= ?1 ORDER BY position LIMIT 1"),
      head_(database, "SELECT " + kColumns + ", length(body) FROM " + table +
                          " WHERE position >= ?1 ORDER BY position LIMIT 1") {}

void MessageTable::write(const RowHead& head, std::string_view body) {
    const auto crc = seal_.of(head, body);
    if (!crc)
        throw StorageError(StorageFault::replace, database_.path() + ": the name of message " +
                                                      std::to_string(head.position) +
                                                      "'s channel or epoch has gone: the file is damaged");
    const auto packed = packer_.pack(body);
    const std::int64_t kind = static_cast<std::int64_t>(head.kind) | (packed ? kPacked : 0);
    write_.run(head.position, head.channel, kind, head.prev_epoch, head.prev_seq,
               std::int64_t{head.created.boot.count()}, std::int64_t{head.created.wall.count()},
               std::int64_t{head.readings}, std::int64_t{head.first.count()}, std::int64_t{head.last.count()},
               head.sensors, std::int64_t{*crc}, Blob{packed ? std::string_view(*packed) : body});
}

void MessageTable::erase(std::int64_t position) {
    erase_.run(position);
}

std::optional<Row> MessageTable::read(std::int64_t position) {
    Rows rows = read_.query(position);
    if (!rows.next()) return std::nullopt;
    Row row{head_from(rows, position), std::string(rows.bytes(13))};
    // A body that cannot be unpacked is damaged; what stands in its place does not fit the checksum.
    if ((rows.integer(2) & kPacked) != 0) row.body = packer_.unpack(row.body).value_or("");
    return row;
}

std::optional<RowHead> MessageTable::head(std::int64_t position) {
    Rows rows = head_.query(position);
    if (!rows.next()) return std::nullopt;
    return head_from(rows, position);
}

RowHead MessageTable::head_from(const Rows& rows, std::int64_t position) const {
    RowHead head = head_of(rows);
    if (head.position >= position) return head;
    throw StorageError(StorageFault::replace,
                       database_.path() + ": the order of messages is damaged at " + std::to_string(position));
}

ThinnedRow thin_row(const Row& row, Alternation& alternation) {
    ThinnedRow parted{{row.head, ""}, row.head};
    std::set<std::string> kept_sensors, given_up_sensors;
    RowHead &kept = parted.kept.head, &given_up = parted.given_up;
    kept.readings = given_up.readings = 0;
    Records records(row.body);
    begin_body(parted.kept.body, records.base());
    for (Record record; records.next(record);) {
        const bool keep = alternation.keeps(record.sensor);
        RowHead& side = keep ? kept : given_up;
        (keep ? kept_sensors : given_up_sensors).insert(std::string(record.sensor));
        side.first = side.readings == 0 ? record.taken : std::min(side.first, record.taken);
        side.last = side.readings == 0 ? record.taken : std::max(side.last, record.taken);
        ++side.readings;
        if (keep) parted.kept.body.append(record.bytes);
    }
    kept.sensors = sensor_lines(kept_sensors);
    given_up.sensors = sensor_lines(given_up_sensors);
    return parted;
}

}  // namespace fieldlink
