#pragma once

#include <random>
#include <string>

namespace fieldlink {

/// So many bytes that no packing makes smaller: always the same ones.
inline std::string noise(std::size_t bytes) {
    static const std::string kNoise = [] {
        std::mt19937 random(1);
        std::string all(128 * 1024, '\0');
        for (char& byte : all)
            byte = static_cast<char>(random());
        return all;
    }();
    return kNoise.substr(0, bytes);
}

}  // namespace fieldlink
