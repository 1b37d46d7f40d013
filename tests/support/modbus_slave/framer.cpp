#include "tests/support/modbus_slave/framer.hpp"

namespace fieldlink {
namespace {

constexpr std::chrono::milliseconds kSilence{50};
constexpr std::size_t kHeader = 6;  // of a TCP frame, up to and with the length
constexpr std::size_t kShortest = 8;

}  // namespace

void Framer::feed(const std::uint8_t* data, std::size_t size, Instant when) {
    if (framing_ == Framing::rtu && when - last_ > kSilence) pending_.clear();
    last_ = when;
    pending_.insert(pending_.end(), data, data + size);
}

std::optional<Bytes> Framer::next() {
    const std::size_t size = wanted();
    if (size == 0 || pending_.size() < size) return std::nullopt;
    const auto end = pending_.begin() + static_cast<std::ptrdiff_t>(size);
    Bytes frame(pending_.begin(), end);
    pending_.erase(pending_.begin(), end);
    return frame;
}

// How long the frame that begins in pending_ is; 0 while that cannot be told.
std::size_t Framer::wanted() const {
    if (pending_.size() < kHeader + 1) return 0;
    if (framing_ == Framing::tcp) return kHeader + (static_cast<std::size_t>(pending_[4]) << 8 | pending_[5]);
    switch (pending_[1]) {
        case 0x0f:
        case 0x10:
            return kShortest + 1u + pending_[6];
        case 0x16:
            return kShortest + 2u;
        default:
            return kShortest;
    }
}

}  // namespace fieldlink
