#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fieldlink {

/// Makes bodies small for the disk, and large again. Readings repeat their sensors' and points' names, so that a batch
/// takes about a quarter; what does not get smaller stays as it is. [storage thread] only: it keeps its working memory.
class Packer {
public:
    /// What unpacking may give; a body of more bytes was not packed by us.
    static constexpr std::size_t kMaxBytes = 256 * 1024;

    Packer();
    ~Packer();
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;

    /// Absent if that would not save anything.
    std::optional<std::string> pack(std::string_view body);

    /// Absent if it is damaged.
    std::optional<std::string> unpack(std::string_view packed);

private:
    struct Contexts;
    std::unique_ptr<Contexts> contexts_;
};

}  // namespace fieldlink
