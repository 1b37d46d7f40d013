#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/yaml/field.hpp"
#include "config/yaml/report.hpp"

/// Each takes one field for one type. Absent means that it is not of that type or out of bounds; the report then says
/// so, and what to write instead. A quoted number is a number.
namespace fieldlink {

/// Both ends belong to it.
template <class T>
struct Bounds {
    T least, most;
};

std::optional<bool> read_boolean(const Field& field, Report& report);
std::optional<std::int64_t> read_whole(const Field& field, Bounds<std::int64_t> bounds, Report& report);
std::optional<double> read_number(const Field& field, Bounds<double> bounds, Report& report);
std::optional<Decimal> read_decimal(const Field& field, Report& report);
std::optional<milliseconds> read_duration(const Field& field, Bounds<milliseconds> bounds, Report& report);
std::optional<std::uint64_t> read_size(const Field& field, Bounds<std::uint64_t> bounds, Report& report);

/// One line of text, not empty.
std::optional<std::string> read_text(const Field& field, Report& report);

/// The index of one of `words`.
std::optional<std::size_t> read_word(const Field& field, const std::vector<std::string>& words, Report& report);

/// The items of a list of texts; a list that is not one is reported and gives nothing.
std::vector<Field> read_list(const Field& field, Report& report);

}  // namespace fieldlink
