// The migrations of schema/migrations, inside the binary.
#pragma once

#include <span>
#include <string_view>

namespace agon::schema {

struct migration {
  int number = 0;         // 1, 2, … without gaps
  std::string_view name;  // "0001_schemas_and_roles"
  std::string_view sql;
};

// In order of number.
[[nodiscard]] std::span<const migration> migrations();

}  // namespace agon::schema
