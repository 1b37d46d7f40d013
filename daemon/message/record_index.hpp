#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fieldlink {

/// Some of the readings of a message, which are published by themselves: `count` of its `of`, from `first` on.
struct Part {
    std::uint32_t first = 0, count = 0, of = 0;
};

inline bool operator==(const Part& a, const Part& b) {
    return a.first == b.first && a.count == b.count && a.of == b.of;
}

/// Where the records of one body are and how much they take, from one pass over it: so that each part is then cut and
/// measured at the cost of itself. Pure; `body` must outlive it.
class RecordIndex {
public:
    explicit RecordIndex(std::string_view body);

    /// Whether it is of this very text.
    bool is_of(std::string_view body) const { return body_.data() == body.data() && body_.size() == body.size(); }

    std::uint32_t records() const { return static_cast<std::uint32_t>(ends_.size()); }

    /// The most bytes that these records take in the published JSON.
    std::size_t rendered_size(std::uint32_t first, std::uint32_t count) const;

    /// A body of these records only.
    std::string cut(std::uint32_t first, std::uint32_t count) const;

    /// Whose reading it is.
    std::string sensor(std::uint32_t record) const;

private:
    struct End {
        std::size_t stored = 0, rendered = 0;  ///< of this record and all before it
    };

    End end(std::uint32_t records) const;

    std::string_view body_;
    std::size_t begin_ = 0;  ///< of the first record
    std::vector<End> ends_;
};

}  // namespace fieldlink
