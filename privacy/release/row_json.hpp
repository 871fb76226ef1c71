// A released row as a line of canonical JSON, and back. Internal to privacy/release.
//
// Both without a tree of JSON values: every row passes here three times, and trees made up
// half of a build.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "privacy/release/error.hpp"
#include "privacy/release/table_schema.hpp"

namespace agon::release {

// Cells in canonical JSON, all columns present. The cells must be what the schema allows.
[[nodiscard]] std::string to_json_line(const table_schema& table, const std::vector<value>& cells);

// One line of at most `longest` bytes: canonical JSON, exactly the columns of the schema, each
// cell as it allows. check_failed names the column.
[[nodiscard]] result<std::vector<value>> parse_row(const table_schema& table, std::string_view line,
                                                   std::size_t longest = 4UL << 20);

// To so many digits after the point, halves away from zero.
[[nodiscard]] double rounded(double v, int decimals);

}  // namespace agon::release
