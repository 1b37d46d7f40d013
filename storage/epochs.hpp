#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "storage/message.hpp"
#include "storage/sqlite.hpp"

namespace fieldlink {

/// Messages are numbered under one epoch from a start of the daemon, or from the moment that it got another file, on.
struct Epoch {
    std::string name, gateway, boot_id;
    Stamp started;
    std::int64_t first_position = 0;
    std::int64_t seq_offset = 0;  ///< a message's seq is its position less this

    std::int64_t seq_of(std::int64_t position) const { return position - seq_offset; }
    std::string id_prefix() const { return gateway + ':' + name; }
};

/// 8 hex digits by chance.
std::string random_epoch_name();

/// The epochs of the messages that are in a file, and the last one before. One is written with the first message of it
/// that is, so that starts which store nothing leave nothing.
class Epochs {
public:
    /// Forgets those that no message is left of.
    explicit Epochs(Database& database);

    /// These, of a file that is only read.
    Epochs(std::map<std::int64_t, Epoch> stored, Database& database);

    /// What a file has, by first position.
    static std::map<std::int64_t, Epoch> stored_in(Database& database);

    /// The epoch that the message at this position was numbered under; null if it is not known, which only damage can
    /// bring about.
    const Epoch* of(std::int64_t position) const;

    /// The last position that belongs to the same epoch.
    std::int64_t last_position_of(std::int64_t position) const;

    bool has(const std::string& name) const;

    /// Of the last one; empty if there is none.
    std::string last_gateway() const;
    std::int64_t last_seq_offset() const;

    /// In a commit: this epoch is in the file from now on.
    void use(const Epoch& epoch);
    void committed() { new_.clear(); }
    void rolled_back();

private:
    void prune(Database& database);

    Statement insert_;
    std::map<std::int64_t, Epoch> by_first_position_;
    std::vector<std::int64_t> new_;  ///< first positions of those that this commit writes
};

}  // namespace fieldlink
