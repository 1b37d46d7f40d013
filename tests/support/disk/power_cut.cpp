#include "tests/support/disk/power_cut.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

using Kind = DiskEvent::Kind;

constexpr std::size_t kSector = 512;

void write(std::string& content, std::size_t offset, std::string_view bytes) {
    if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
    content.replace(offset, bytes.size(), bytes);
}

void apply(std::string& content, const DiskEvent& event) {
    if (event.kind == Kind::truncate)
        content.resize(event.offset);
    else
        write(content, event.offset, event.bytes);
}

void apply(std::map<std::string, int>& names, const DiskEvent& event) {
    if (event.kind == Kind::create) names[event.name] = event.file;
    if (event.kind == Kind::rename) names[event.to] = names[event.name];
    if (event.kind != Kind::create) names.erase(event.name);
}

/// Each sector of it reaches the disk or not.
void tear_at_sectors(std::string& content, const DiskEvent& event, std::mt19937& random) {
    for (std::size_t begin = 0, end; begin < event.bytes.size(); begin = end) {
        end = std::min(event.bytes.size(), begin + kSector - (event.offset + begin) % kSector);
        if (random() % 2 == 0)
            write(content, event.offset + begin, std::string_view(event.bytes).substr(begin, end - begin));
    }
}

void tear_anywhere(std::string& content, const DiskEvent& event, std::mt19937& random) {
    write(content, event.offset, std::string_view(event.bytes).substr(0, random() % event.bytes.size()));
}

void apply_torn(std::string& content, const DiskEvent& event, std::mt19937& random) {
    if (event.kind == Kind::truncate || event.bytes.empty()) return apply(content, event);
    if (random() % 2 == 0)
        tear_at_sectors(content, event, random);
    else
        tear_anywhere(content, event, random);
}

}  // namespace

void PowerCut::advance_to(std::size_t index) {
    for (; at_ < index; ++at_)
        advance(at_);
}

void PowerCut::advance(std::size_t index) {
    const DiskEvent& event = log_[index];
    switch (event.kind) {
        case Kind::write:
        case Kind::truncate:
            files_[event.file].pending.push_back(index);
            break;
        case Kind::sync:
            for (const std::size_t done : files_[event.file].pending)
                apply(files_[event.file].safe, log_[done]);
            files_[event.file].pending.clear();
            break;
        case Kind::create:
        case Kind::remove:
        case Kind::rename:
            pending_names_.push_back(index);
            break;
        case Kind::sync_directory:
            for (const std::size_t done : pending_names_)
                apply(safe_names_, log_[done]);
            pending_names_.clear();
            break;
    }
}

std::string PowerCut::content(const File& file, std::mt19937& random) const {
    std::string content = file.safe;
    Pending pending = file.pending;
    std::shuffle(pending.begin(), pending.end(), random);
    // Almost nothing, almost everything, and what lies between, must all come up.
    constexpr unsigned kChances[] = {0, 10, 50, 90, 100};
    const unsigned whole = kChances[random() % 5];
    for (const std::size_t index : pending) {
        if (random() % 100 < whole)
            apply(content, log_[index]);
        else if (random() % 4 == 0)
            apply_torn(content, log_[index], random);
    }
    return content;
}

DiskImage PowerCut::image(std::mt19937& random) const {
    Names names = safe_names_;
    const std::size_t kept = random() % (pending_names_.size() + 1);
    for (std::size_t i = 0; i < kept; ++i)
        apply(names, log_[pending_names_[i]]);
    DiskImage image;
    for (const auto& [name, number] : names) {
        const auto file = files_.find(number);
        image[name] = file == files_.end() ? "" : content(file->second, random);
    }
    return image;
}

}  // namespace fieldlink
