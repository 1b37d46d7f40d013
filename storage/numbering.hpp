#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <optional>
#include <string>

#include "storage/channels.hpp"
#include "storage/epochs.hpp"

namespace fieldlink {

/// What makes a message one of its kind: its place, the epoch of its id, and the message before it.
struct Number {
    std::int64_t position = 0;
    const Epoch* epoch = nullptr;  ///< lives as long as the Numbering
    std::optional<Previous> prev;

    std::int64_t seq() const { return epoch->seq_of(position); }
};

/// Gives each message its number, with a file or without one. Every start, and every change of the file, has an epoch
/// of its own, drawn by chance, so that ids never come again; positions and seqs only grow.
class Numbering {
public:
    /// The first epoch's positions begin beyond all that a file can have, until begin_epoch() says where they belong.
    explicit Numbering(Epoch current);

    /// Positions that were given while no file was known.
    static constexpr std::int64_t kDetached = std::int64_t{1} << 62;
    static bool is_detached(std::int64_t position) { return position > kDetached; }

    const Epoch& epoch() const { return epochs_.back(); }
    std::int64_t last_position() const { return last_position_; }

    /// Whether the present epoch has numbered anything.
    bool has_given() const { return last_position_ >= epoch().first_position; }

    Number next(const std::string& channel);

    /// From begin() on, numbers can be taken back by rolled_back().
    void begin();
    void committed() { channels.committed(); }
    void rolled_back();

    /// Positions up to this one are given to nothing.
    void skip_to(std::int64_t position) { last_position_ = std::max(last_position_, position); }

    /// What comes next is numbered from `last_position` + 1 on. If something was numbered already, under a new epoch.
    void continue_after(std::int64_t last_position, std::int64_t seq_offset, const Epochs& stored);

    /// Moves what was numbered without a file behind `last_position`, and what comes next with it; returns what to add
    /// to such a position. Epoch and seqs go on as they are.
    std::int64_t attach_after(std::int64_t last_position);

    /// Before anything is numbered, if the name of the gateway was not known.
    void name_gateway(const std::string& gateway) { epochs_.back().gateway = gateway; }

    Channels channels;

private:
    void draw(const Epochs* stored);

    std::list<Epoch> epochs_;
    std::int64_t last_position_ = kDetached, last_position_before_ = kDetached;
};

}  // namespace fieldlink
