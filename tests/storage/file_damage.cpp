#include "tests/storage/file_damage.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

constexpr std::size_t kPage = 512;

using Random = std::mt19937;

std::string garbage(std::size_t bytes, Random& random) {
    std::string text(bytes, '\0');
    std::generate(text.begin(), text.end(), [&] { return static_cast<char>(random()); });
    return text;
}

std::size_t any_page(const std::string& content, Random& random) {
    return random() % (content.size() / kPage + 1) * kPage;
}

void flip_bits(std::string& content, Random& random) {
    for (auto flips = 1 + random() % 64; flips > 0; --flips) {
        char& byte = content[random() % content.size()];
        byte = static_cast<char>(byte ^ (1 << random() % 8));
    }
}

void overwrite(std::string& content, std::size_t at, const std::string& bytes) {
    content.replace(at, std::min(bytes.size(), content.size() - at), bytes, 0,
                    std::min(bytes.size(), content.size() - at));
}

void zero_pages(std::string& content, Random& random) {
    for (auto pages = 1 + random() % 8; pages > 0; --pages)
        overwrite(content, std::min(any_page(content, random), content.size()), std::string(kPage, '\0'));
}

void swap_pages(std::string& content, Random& random) {
    if (content.size() < 2 * kPage) return flip_bits(content, random);
    for (auto swaps = 1 + random() % 4; swaps > 0; --swaps) {
        const std::size_t a = random() % (content.size() / kPage) * kPage;
        const std::size_t b = random() % (content.size() / kPage) * kPage;
        std::swap_ranges(content.begin() + static_cast<std::ptrdiff_t>(a),
                         content.begin() + static_cast<std::ptrdiff_t>(a + kPage),
                         content.begin() + static_cast<std::ptrdiff_t>(b));
    }
}

void scatter_garbage(std::string& content, Random& random) {
    for (auto pieces = 1 + random() % 6; pieces > 0; --pieces)
        overwrite(content, random() % content.size(), garbage(1 + random() % 700, random));
}

}  // namespace

const char* name_of(Damage damage) {
    constexpr const char* kNames[] = {"bit flips", "zeroed pages", "truncated", "swapped pages", "garbage", "replaced"};
    return kNames[static_cast<int>(damage)];
}

void inflict(Damage damage, std::string& content, std::mt19937& random) {
    switch (damage) {
        case Damage::bit_flips:
            return flip_bits(content, random);
        case Damage::zeroed_pages:
            return zero_pages(content, random);
        case Damage::truncated:
            return content.resize(random() % content.size());
        case Damage::swapped_pages:
            return swap_pages(content, random);
        case Damage::garbage:
            return scatter_garbage(content, random);
        case Damage::replaced:
            content = garbage(content.size(), random);
    }
}

}  // namespace fieldlink
