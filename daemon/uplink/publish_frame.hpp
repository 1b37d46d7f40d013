#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/message/record_index.hpp"
#include "storage/message.hpp"

namespace fieldlink {

/// One publish frame that is written message by message: a single one stands plain in its data, several stand as
/// {"messages":[…]}. Each message is rendered straight into the frame. Pure.
class PublishFrame {
public:
    /// `max_size` bounds the whole frame; `expected` is about how many bytes of messages will come. `true_offset` as
    /// for render().
    PublishFrame(std::string_view channel, std::uint64_t request, std::size_t max_size, std::size_t expected,
                 std::optional<std::chrono::milliseconds> true_offset);

    /// Adds one more if the frame then still keeps within max_size. The first is added in any case. False: not added,
    /// and the frame is as it was.
    bool add(const StoredMessage& message);

    /// Makes it a frame of this part of a message, and of nothing else.
    void add_part(const StoredMessage& message, const Part& part, std::string_view body);

    /// Of the whole frame as finish() would give it now, exactly.
    std::size_t size() const;

    /// The frame of what was added, at least one. To be called once, as the last.
    std::string finish();

private:
    std::string text_, end_;
    std::optional<std::chrono::milliseconds> true_offset_;
    std::size_t data_begin_ = 0, max_size_ = 0, messages_ = 0;
};

}  // namespace fieldlink
