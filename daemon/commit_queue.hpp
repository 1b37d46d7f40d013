#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "storage/message.hpp"

namespace fieldlink {

/// Messages that wait to be committed, in chunks that the outbox takes in one append. Usually one chunk, for a moment;
/// while commits fail they gather here, readings up to 4 MiB and results up to 256 KiB beside them.
class CommitQueue {
public:
    /// False if there is no room for it, or if it is larger than any append: it is then left as it was.
    bool push(NewMessage& message);

    /// What is to be appended next, the same until done() says that it was. Empty if nothing waits.
    const std::vector<NewMessage>& chunk();
    void done();

    bool empty() const { return chunk_.empty() && waiting_.empty(); }

    /// How many readings wait.
    std::uint64_t readings() const;

private:
    std::vector<NewMessage> chunk_;
    std::deque<NewMessage> waiting_;
    std::size_t reading_bytes_ = 0, result_bytes_ = 0;  ///< of both
};

}  // namespace fieldlink
