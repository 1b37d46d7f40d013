// The linker puts these in the place of the program's own calls (--wrap, see CMakeLists.txt); those inside shared
// libraries, SQLite's too, are not touched by that.
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/disk/recorder.hpp"

namespace {

fieldlink::Recorder* recorder() {
    return fieldlink::Recorder::current;
}

int number_of(int descriptor) {
    char path[4096];
    const ssize_t length = ::readlink(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), path, sizeof path);
    return length > 0 ? recorder()->opened(std::string(path, static_cast<std::size_t>(length))) : -1;
}

void note_sync(int descriptor) {
    struct stat file {};
    if (recorder() == nullptr || ::fstat(descriptor, &file) != 0) return;
    if (S_ISDIR(file.st_mode)) return recorder()->synced_directory();
    recorder()->synced(number_of(descriptor));
}

/// Whether it became shorter or longer.
void note_size(int descriptor) {
    struct stat file {};
    if (recorder() == nullptr || ::fstat(descriptor, &file) != 0) return;
    recorder()->truncated(number_of(descriptor), static_cast<std::uint64_t>(file.st_size));
}

}  // namespace

extern "C" {

int __real_fsync(int descriptor);
int __real_fdatasync(int descriptor);
int __real_rename(const char* from, const char* to);
int __real_unlink(const char* path);

int __real_fallocate(int descriptor, int mode, off_t offset, off_t size);
int __real_posix_fallocate(int descriptor, off_t offset, off_t size);
int __real_ftruncate(int descriptor, off_t size);
int __real_truncate(const char* path, off_t size);

int __wrap_fallocate(int descriptor, int mode, off_t offset, off_t size);
int __wrap_posix_fallocate(int descriptor, off_t offset, off_t size);
int __wrap_ftruncate(int descriptor, off_t size);
int __wrap_truncate(const char* path, off_t size);
int __wrap_fsync(int descriptor);
int __wrap_fdatasync(int descriptor);
int __wrap_rename(const char* from, const char* to);
int __wrap_unlink(const char* path);

int __wrap_fsync(int descriptor) {
    const int result = __real_fsync(descriptor);
    if (result == 0) note_sync(descriptor);
    return result;
}

int __wrap_fdatasync(int descriptor) {
    const int result = __real_fdatasync(descriptor);
    if (result == 0) note_sync(descriptor);
    return result;
}

int __wrap_rename(const char* from, const char* to) {
    const int result = __real_rename(from, to);
    if (result == 0 && recorder() != nullptr) recorder()->renamed(from, to);
    return result;
}

int __wrap_unlink(const char* path) {
    const int result = __real_unlink(path);
    if (result == 0 && recorder() != nullptr) recorder()->removed(path);
    return result;
}

int __wrap_fallocate(int descriptor, int mode, off_t offset, off_t size) {
    const int result = __real_fallocate(descriptor, mode, offset, size);
    if (result == 0) note_size(descriptor);
    return result;
}

int __wrap_posix_fallocate(int descriptor, off_t offset, off_t size) {
    const int result = __real_posix_fallocate(descriptor, offset, size);
    if (result == 0) note_size(descriptor);
    return result;
}

int __wrap_ftruncate(int descriptor, off_t size) {
    const int result = __real_ftruncate(descriptor, size);
    if (result == 0) note_size(descriptor);
    return result;
}

int __wrap_truncate(const char* path, off_t size) {
    const int result = __real_truncate(path, size);
    if (result == 0 && recorder() != nullptr)
        recorder()->truncated(recorder()->opened(path), static_cast<std::uint64_t>(size));
    return result;
}
}
