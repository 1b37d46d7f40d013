#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "daemon/json/reader.hpp"

namespace fieldlink::fuzz {

/// What must hold whatever the input is. If it does not, the fuzzer keeps the input as a finding.
inline void require(bool holds, const char* sentence) {
    if (holds) return;
    std::fprintf(stderr, "this does not hold: %s\n", sentence);
    std::abort();
}

/// One line for a person, such as logs and status take: printable, and not a document.
inline void require_one_line(std::string_view text) {
    require(text.size() <= 2'000, "a line for a person is of bounded length");
    for (const char c : text)
        require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "a line for a person has no control characters");
}

inline void require_json(std::string_view text) {
    require(JsonDocument(text).valid(), "what is handed on as JSON is JSON");
}

}  // namespace fieldlink::fuzz
