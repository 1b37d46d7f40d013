#include "storage/numbering.hpp"

#include <algorithm>
#include <utility>

namespace fieldlink {

Numbering::Numbering(Epoch current) {
    epochs_.push_back(std::move(current));
    epochs_.back().first_position = kDetached + 1;
    epochs_.back().seq_offset = kDetached;
    draw(nullptr);
}

void Numbering::draw(const Epochs* stored) {
    do {
        epochs_.back().name = random_epoch_name();
    } while (stored && stored->has(epochs_.back().name));
}

Number Numbering::next(const std::string& channel) {
    const Number number{++last_position_, &epoch(), channels.last(channel)};
    channels.numbered(channel, {epoch().name, number.seq()});
    return number;
}

void Numbering::begin() {
    last_position_before_ = last_position_;
    channels.begin();
}

void Numbering::rolled_back() {
    last_position_ = last_position_before_;
    channels.rolled_back();
}

void Numbering::continue_after(std::int64_t last_position, std::int64_t seq_offset, const Epochs& stored) {
    const bool is_fresh = !has_given();
    if (!is_fresh) epochs_.push_back(epoch());
    last_position_ = last_position;
    epochs_.back().first_position = last_position + 1;
    epochs_.back().seq_offset = seq_offset;
    if (!is_fresh || stored.has(epoch().name)) draw(&stored);
}

std::int64_t Numbering::attach_after(std::int64_t last_position) {
    const std::int64_t shift = last_position - kDetached;
    for (Epoch& epoch : epochs_) {
        if (!is_detached(epoch.first_position)) continue;
        epoch.first_position += shift;
        epoch.seq_offset += shift;
    }
    if (is_detached(last_position_)) last_position_ += shift;
    return shift;
}

}  // namespace fieldlink
