#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "storage/gap.hpp"

namespace fieldlink {

/// A gap record of this start that was not handed out yet, so that it may still grow.
struct OpenGap {
    std::int64_t position = 0;
    Gap gap;
};

/// Losses that wait for a commit to be recorded, and the records that later losses may still join. Records of an
/// earlier start may have been sent, so they stay as they are. Pure.
class GapBook {
public:
    using Losses = std::map<GapKey, Gap>;

    /// A loss to be recorded with the next commit.
    void add(const GapKey& key, const Gap& gap) { merge_into(losses_, key, gap); }
    const Losses& losses() const { return losses_; }

    /// The record that a loss with this key joins.
    std::optional<OpenGap> open(const GapKey& key) const;

    /// The key of the one record for all losses of a reason that have no room for a record of their own: it has no
    /// span, and is on the channel of the first such loss.
    GapKey shared(const GapKey& key, const std::string& epoch);

    /// The record was handed out for sending: from now on it stays as it is.
    void freeze(std::int64_t position);

    /// Another file is in use: no record of the former one grows.
    void freeze_all();

    /// The losses were recorded, in these records.
    void recorded(const std::map<GapKey, OpenGap>& records);

    static void merge_into(Losses& losses, const GapKey& key, const Gap& gap);

private:
    Losses losses_;
    std::map<GapKey, OpenGap> open_;
    std::unordered_map<std::int64_t, GapKey> key_of_;
    std::string shared_channel_;
};

}  // namespace fieldlink
