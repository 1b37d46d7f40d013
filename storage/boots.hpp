#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "storage/sqlite.hpp"

namespace fieldlink {

/// What the true time was in each boot of the machine: Unix time minus boot clock. So messages of an earlier boot get a
/// true `ts` as well.
class Boots {
public:
    Boots(Database& database, std::string this_boot);

    /// Absent if the true time never was known in that boot.
    std::optional<std::chrono::milliseconds> true_offset(const std::string& boot_id) const;

    /// Of this boot; written with the next commit if it is another one than before.
    void set(std::chrono::milliseconds true_offset);

    bool unsaved() const { return unsaved_; }
    void save();
    void committed() { unsaved_ = false; }

private:
    static void prune(Database& database, const std::string& this_boot);

    Statement save_;
    std::string this_boot_;
    std::map<std::string, std::chrono::milliseconds> offsets_;
    bool unsaved_ = false;
};

}  // namespace fieldlink
