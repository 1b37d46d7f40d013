#include "daemon/uplink/publish_frame.hpp"

#include <cassert>
#include <utility>

#include "daemon/message/body.hpp"
#include "daemon/uplink/frames.hpp"

namespace fieldlink {
namespace {

constexpr std::string_view kOpen = R"({"messages":[)", kClose = "]}";
constexpr std::size_t kMargin = 1024;  ///< spares a growing text its last reallocation

}  // namespace

PublishFrame::PublishFrame(std::string_view channel, std::uint64_t request, std::size_t max_size, std::size_t expected,
                           std::optional<std::chrono::milliseconds> true_offset)
    : true_offset_(true_offset), max_size_(max_size) {
    text_.reserve(expected + expected / 4 + kMargin);
    begin_publish(text_, channel);
    data_begin_ = text_.size();
    text_ += kOpen;
    end_request(end_, std::to_string(request));
}

bool PublishFrame::add(const StoredMessage& message) {
    const std::size_t before = text_.size();
    if (messages_ > 0) text_ += ',';
    render(message, true_offset_, text_);
    ++messages_;
    if (messages_ == 1 || size() <= max_size_) return true;
    text_.resize(before);
    --messages_;
    return false;
}

void PublishFrame::add_part(const StoredMessage& message, const Part& part, std::string_view body) {
    assert(messages_ == 0);
    render_part(message, part, body, true_offset_, text_);
    ++messages_;
}

std::size_t PublishFrame::size() const {
    const std::size_t all = text_.size() + end_.size();
    return messages_ > 1 ? all + kClose.size() : all - kOpen.size();
}

std::string PublishFrame::finish() {
    assert(messages_ > 0);
    if (messages_ > 1)
        text_ += kClose;
    else
        text_.erase(data_begin_, kOpen.size());
    text_ += end_;
    return std::move(text_);
}

}  // namespace fieldlink
