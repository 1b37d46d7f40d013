#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "storage/message.hpp"
#include "storage/sqlite.hpp"

namespace fieldlink {

/// The channels by name, each with its last message, which is the `prev` of its next one. It works without a file too:
/// load() adds what a file knows, and what is newer here stays.
class Channels {
public:
    /// The message numbered last on a channel; absent if there was none.
    std::optional<Previous> last(const std::string& name) const;

    /// This message is the last one of its channel now.
    void numbered(const std::string& name, const Previous& message);

    /// From begin() on, changes can be taken back by rolled_back(). save() writes what is not on disk yet.
    void begin();
    void save();
    void committed();
    void rolled_back();

    /// A file was opened, and will be used by save() until the next call. Without one, after unload().
    void load(Database& database);
    void unload();

    /// Forgets channels of a file that are not in use any more, if there are very many.
    static void prune(Database& database);

    /// The number of a channel in the file, for a row of it; the channel gets one if it has none.
    std::int64_t id_of(const std::string& name);

    /// The name of a stored number; empty if there is none, which only damage can bring about.
    const std::string& name_of(std::int64_t id) const;

private:
    struct Channel {
        std::int64_t id = 0;  ///< 0: not in the file
        std::optional<Previous> last;
    };
    std::optional<Statement> save_;
    std::map<std::string, Channel> channels_, before_;  ///< before_: those that changed since begin(), as they were
    std::set<std::string> unsaved_;
    std::unordered_map<std::int64_t, std::string> names_;
    std::int64_t next_id_ = 1;
    bool committing_ = false;
};

}  // namespace fieldlink
