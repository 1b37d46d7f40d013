#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "storage/sqlite.hpp"

namespace fieldlink {

struct Channel {
    std::int64_t id = 0;
    std::string last_epoch;     ///< of the message committed last on it; empty if there was none
    std::int64_t last_seq = 0;  ///< 0 if there was none
};

/// The channels by name, each with its last message, which is the `prev` of its next one.
class Channels {
public:
    explicit Channels(Database& database);

    /// The channel as of the changes made so far; a new one gets an id.
    Channel find(const std::string& name) const;

    /// The name of a stored id; empty if there is none, which only damage can bring about.
    const std::string& name_of(std::int64_t id) const;

    /// Some channel's name, for losses whose channel is not known; empty if there is none.
    std::string any_name() const { return channels_.empty() ? "" : channels_.begin()->first; }

    /// In a commit: `channel` is what this name's channel is from now on.
    void change(const std::string& name, Channel channel);
    void save();
    void committed();
    void rolled_back();

private:
    void prune(Database& database);

    Statement save_;
    std::map<std::string, Channel> channels_, changed_;
    std::unordered_map<std::int64_t, std::string> names_;
    std::int64_t next_id_ = 1;
};

}  // namespace fieldlink
