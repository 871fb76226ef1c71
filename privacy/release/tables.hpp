// The allow-list: every table and column that a release may hold. See tables.cpp.
#pragma once

#include <span>
#include <string_view>

#include "privacy/release/table_schema.hpp"

namespace agon::release {

// votes, outputs, feedback, boards, counts, in this order.
[[nodiscard]] std::span<const table_schema> tables();

// Null if no such table is released.
[[nodiscard]] const table_schema* find_table(std::string_view name);

}  // namespace agon::release
