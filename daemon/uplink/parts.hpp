#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/message/record_index.hpp"
#include "storage/message.hpp"

namespace fieldlink {

/// The readings messages that fit no frame as a whole and go in parts, by their positions: which parts there are, which
/// of their readings were acked, and which are lost because they fit no frame either. Pure.
///
/// Boundaries come from halving: a range of readings that does not fit is two ranges. So they are the same however
/// often a message is sent under one limit, and a lower limit only subdivides them. A higher one does not change them
/// back.
class Parts {
public:
    /// So many messages are kept. Those that were touched longest ago make room, unless they are on hand, under way or
    /// have lost readings; they would start afresh.
    static constexpr std::size_t kMost = 1024;

    bool has(std::int64_t position) const { return messages_.count(position) != 0; }

    /// The message is to go in parts. False: there is no room for it now.
    bool begin(const StoredMessage& message);

    /// The next part to send of this message, which is on hand, under `limit` bytes for a frame: the first that is
    /// neither under way, acked nor lost. One reading alone is a part whatever its size. Absent: there is none now.
    std::optional<Part> next(const StoredMessage& message, std::size_t limit);

    /// The records of a part that next() gave last.
    std::string cut(const Part& part) const { return index_->cut(part.first, part.count); }

    void sent(std::int64_t position, const Part& part) { mark(position, part, Fate::under_way); }
    void acked(std::int64_t position, const Part& part) { mark(position, part, Fate::acked); }
    void refused(std::int64_t position, const Part& part) { mark(position, part, Fate::owed); }

    /// These readings will not be sent any more.
    void lost(std::int64_t position, const Part& part);

    /// The message is no longer on hand.
    void left(std::int64_t position);

    /// It is not on hand and will be offered again: what is owed of it is sent then.
    void set_aside(std::int64_t position);

    /// It is on hand, or will be offered again.
    bool is_held(std::int64_t position) const;

    /// It is sent once more, save what is lost.
    void send_again(std::int64_t position);

    /// It is not on hand, and nothing of it is owed or under way.
    bool is_complete(std::int64_t position) const;

    /// What is lost of it; absent if nothing is.
    std::optional<RefusedMessage> loss(std::int64_t position) const;

    void forget(std::int64_t position);

    /// The connection ended: nothing is on hand or under way.
    void disconnected();

    /// Nothing is owed any more.
    void forget_all() { messages_.clear(); }

private:
    enum class Fate : std::uint8_t { owed, under_way, acked, lost };

    struct Message {
        std::size_t limit = static_cast<std::size_t>(-1);  ///< the lowest that it was cut for
        std::vector<Fate> readings;
        std::uint32_t under_way = 0, lost = 0, open = 0;  ///< readings; open: not acked and not lost
        std::vector<std::string> lost_sensors;
        bool knows_sensors = true;  ///< lost_sensors has them all
        bool is_on_hand = false, is_aside = false;
        std::uint64_t touched = 0;
    };

    void look_into(const StoredMessage& message);
    void mark(std::int64_t position, const Part& part, Fate fate);
    bool make_room();
    Part part_with(std::uint32_t reading, const Message& message, std::size_t overhead) const;

    std::map<std::int64_t, Message> messages_;
    std::uint64_t touches_ = 0;

    std::int64_t indexed_ = 0;  ///< the message that index_ is of, whose body is on hand
    std::optional<RecordIndex> index_;
    std::uint32_t cursor_ = 0;  ///< no reading before it is to be sent
};

}  // namespace fieldlink
