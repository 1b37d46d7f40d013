#include "tests/support/disk/recorder.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace fieldlink {
namespace {

using Kind = DiskEvent::Kind;

std::string name_of(const std::string& path) {
    return std::filesystem::path(path).filename().string();
}

}  // namespace

Recorder* Recorder::current = nullptr;

const DiskFault* Recorder::fault_of(DiskFault::Call call) {
    if (!fault_ || fault_->call != call) return nullptr;
    if (fault_->after != 0) {
        --fault_->after;
        return nullptr;
    }
    ++counts_.failed;
    return &*fault_;
}

int Recorder::opened(const std::string& path) {
    const auto known = numbers_.find(name_of(path));
    if (known != numbers_.end()) return known->second;
    const int number = next_number_++;
    numbers_.emplace(name_of(path), number);
    note({Kind::create, number, name_of(path), "", 0, ""});
    if (keeps_log_) note_old_content(number, path);
    return number;
}

void Recorder::note_old_content(int file, const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(stream), {}};
    if (content.empty()) return;
    note({Kind::write, file, "", "", 0, std::move(content)});
    note({Kind::sync, file, "", "", 0, ""});
    note({Kind::sync_directory, -1, "", "", 0, ""});
}

void Recorder::read(std::uint64_t bytes) {
    ++counts_.reads;
    counts_.read_bytes += bytes;
}

void Recorder::written(int file, std::uint64_t offset, const char* bytes, std::size_t size) {
    ++counts_.writes;
    counts_.written_bytes += size;
    if (keeps_log_ && file >= 0) note({Kind::write, file, "", "", offset, std::string(bytes, size)});
}

void Recorder::truncated(int file, std::uint64_t size) {
    if (file >= 0) note({Kind::truncate, file, "", "", size, ""});
}

void Recorder::synced(int file) {
    ++counts_.syncs;
    if (file >= 0) note({Kind::sync, file, "", "", 0, ""});
}

void Recorder::removed(const std::string& path) {
    if (numbers_.erase(name_of(path)) != 0) note({Kind::remove, -1, name_of(path), "", 0, ""});
}

void Recorder::renamed(const std::string& from, const std::string& to) {
    const auto file = numbers_.find(name_of(from));
    if (file == numbers_.end()) return;
    numbers_[name_of(to)] = file->second;
    numbers_.erase(name_of(from));
    note({Kind::rename, -1, name_of(from), name_of(to), 0, ""});
}

void Recorder::synced_directory() {
    ++counts_.syncs;
    note({Kind::sync_directory, -1, "", "", 0, ""});
}

void Recorder::note(DiskEvent event) {
    if (keeps_log_) log_.push_back(std::move(event));
}

}  // namespace fieldlink
