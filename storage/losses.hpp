#pragma once

#include "storage/buffer.hpp"
#include "storage/gap.hpp"

/// What becomes of a message that is given up before it was on disk.
namespace fieldlink {

/// The moment of a boot clock in the boot that `reference` is of.
Stamp stamp_at(const Stamp& reference, std::chrono::milliseconds boot);

/// As a loss without a sequence number.
Loss loss_of(const NewMessage& message, const char* reason);

/// As a gap in the sequence numbers.
Gap gap_of(const BufferedMessage& message, Stamp noticed);

}  // namespace fieldlink
