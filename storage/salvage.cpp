#include "storage/salvage.hpp"

#include <algorithm>
#include <utility>

#include "storage/error.hpp"
#include "storage/schema.hpp"

namespace fieldlink {
namespace {

// One piece looks at no more places than this, so that nothing waits long for it.
constexpr int kMaxLooks = 256;

/// What a damaged file does not let us read is as if it were not there.
template <class Read>
void try_to(Read read) {
    try {
        read();
    } catch (const StorageError&) {
        return;
    }
}

/// The last message of each channel.
std::map<std::string, Previous> last_in(Database& database) {
    std::map<std::string, Previous> last;
    Statement select(database, "SELECT name, last_epoch, last_seq FROM channel WHERE last_seq <> 0");
    Rows rows = select.query();
    while (rows.next())
        last[std::string(rows.bytes(0))] = {std::string(rows.bytes(1)), rows.integer(2)};
    return last;
}

}  // namespace

/// What could be read of the file.
struct Salvage::Source {
    explicit Source(const std::string& file) : database(file) { database.value("PRAGMA locking_mode = EXCLUSIVE"); }

    Database database;
    std::map<std::int64_t, Epoch> epochs;
    std::map<std::string, Previous> last;
    Channels names;
    std::optional<Epochs> sealed_epochs;
    std::optional<Seal> seal;
    Packer packer;
    std::optional<MessageTable> messages, urgent;
    std::optional<OwedSet> owed;
};

Salvage::Salvage(std::string file, std::int64_t next, std::int64_t last)
    : file_(std::move(file)), next_(next), last_(last) {
    try_to([this] {
        source_ = std::make_unique<Source>(file_);
        bring_schema_up_to_date(source_->database);
    });
    if (!source_) return;
    Source& source = *source_;
    try_to([&source] { source.epochs = Epochs::stored_in(source.database); });
    try_to([&source] { source.last = last_in(source.database); });
    try_to([&source] { source.names.load(source.database); });
    try_to([&source] { source.sealed_epochs.emplace(source.epochs, source.database); });
    if (source.sealed_epochs) source.seal.emplace(*source.sealed_epochs, source.names);
    try_to([&source] {
        if (source.seal) source.messages.emplace(source.database, "message", *source.seal, source.packer);
    });
    try_to([&source] {
        if (source.seal) source.urgent.emplace(source.database, "urgent", *source.seal, source.packer);
    });
    for (const char* sql : {"SELECT max(last_position, reserved_position) FROM ledger",
                            "SELECT position FROM message ORDER BY position DESC LIMIT 1",
                            "SELECT position FROM urgent ORDER BY position DESC LIMIT 1"})
        try_to([this, sql] { last_ = std::max(last_, source_->database.integer(sql)); });
    try_to([&source] {
        OwedSet owed;
        Statement select(source.database, "SELECT first, last FROM owed");
        Rows rows = select.query();
        while (rows.next())
            if (rows.integer(0) <= rows.integer(1)) owed.add(rows.integer(0), rows.integer(1));
        source.owed = std::move(owed);
    });
}

Salvage::~Salvage() = default;

std::map<std::string, Previous> Salvage::channels() const {
    return source_ ? source_->last : std::map<std::string, Previous>();
}

bool Salvage::knows_what_is_owed() const {
    return source_ && source_->owed.has_value();
}

std::int64_t Salvage::last_seq_offset() const {
    return source_ && !source_->epochs.empty() ? source_->epochs.rbegin()->second.seq_offset : 0;
}

std::vector<Salvage::Task> Salvage::tasks() const {
    std::vector<Task> tasks{{file_, next_, last_}};
    if (!source_) return tasks;
    try_to([this, &tasks] {
        Statement select(source_->database, "SELECT file, next, last FROM salvage ORDER BY id");
        Rows rows = select.query();
        while (rows.next())
            tasks.push_back({std::string(rows.bytes(0)), rows.integer(1), rows.integer(2)});
    });
    return tasks;
}

std::optional<std::int64_t> Salvage::next_owed(std::int64_t from) const {
    if (!source_->owed) return from;
    return source_->owed->next_after(from - 1);
}

Salvage::Piece Salvage::read(std::size_t max_bytes) const {
    Piece piece;
    piece.next = source_ ? next_ : last_ + 1;
    std::size_t bytes = 0;
    for (int looks = 0; looks < kMaxLooks && bytes < max_bytes && piece.next <= last_; ++looks) {
        const auto position = next_owed(piece.next);
        if (!position || *position > last_) {
            piece.next = last_ + 1;
            break;
        }
        read_one(*position, piece, bytes);
    }
    return piece;
}

/// Advances beyond `position`: to the next row that is there, where it is known that none lies between.
void Salvage::read_one(std::int64_t position, Piece& piece, std::size_t& bytes) const {
    Source& source = *source_;
    std::int64_t next_row = last_ + 1;
    bool is_unreadable = false;
    for (auto* table : {&source.messages, &source.urgent}) {
        if (!*table) continue;
        try {
            auto row = (*table)->read(position);
            if (!row) continue;
            if (row->head.position != position) {
                next_row = std::min(next_row, row->head.position);
                continue;
            }
            piece.next = position + 1;
            if (!(*table)->is_whole(*row)) return lost(position, position, piece);
            bytes += row->body.size() + 256;
            piece.readings += row->head.readings;
            piece.messages.push_back(message_of(std::move(*row)));
            return;
        } catch (const StorageError&) {
            is_unreadable = true;
        }
    }
    piece.next = is_unreadable ? position + 1 : next_row;
    if (source.owed) piece.next = std::min(piece.next, source.owed->end_of_run(position) + 1);
    lost(position, piece.next - 1, piece);
}

BufferedMessage Salvage::message_of(Row row) const {
    const Epoch& epoch = std::prev(source_->epochs.upper_bound(row.head.position))->second;
    BufferedMessage message;
    message.number.position = row.head.position;
    message.number.epoch = &epoch;
    if (row.head.prev_seq != 0)
        message.number.prev =
            Previous{row.head.prev_epoch.empty() ? epoch.name : row.head.prev_epoch, row.head.prev_seq};
    NewMessage& content = message.content;
    content.channel = source_->names.name_of(row.head.channel);
    content.kind = row.head.kind;
    content.created = row.head.created;
    content.readings = row.head.readings;
    for (const std::string& sensor : sensors_in(row.head.sensors))
        content.sensors.push_back(sensor);
    content.first = row.head.first;
    content.last = row.head.last;
    content.body = std::move(row.body);
    return message;
}

void Salvage::lost(std::int64_t first, std::int64_t last, Piece& piece) const {
    // Without the owed set it is not known whether there ever was something, or whether it was delivered.
    if (!source_->owed || first > last) return;
    const auto after = source_->epochs.upper_bound(first);
    const Epoch* epoch = after == source_->epochs.begin() ? nullptr : &std::prev(after)->second;
    Gap gap;
    gap.from_seq = epoch ? epoch->seq_of(first) : first;
    gap.to_seq = epoch ? epoch->seq_of(last) : last;
    gap.messages = static_cast<std::uint64_t>(last - first + 1);
    if (epoch) gap.first = gap.last = gap.noticed = epoch->started;
    gap.this_boot = false;
    // Nothing tells any more which channel they were on.
    piece.losses.push_back({{"", epoch ? epoch->name : "", "corrupt", epoch != nullptr}, gap});
}

}  // namespace fieldlink
