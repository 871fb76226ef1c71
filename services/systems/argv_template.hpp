// Arguments of a command with places to fill in. Text of users has no place among them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/core/error.hpp"

namespace agon::systems {

struct argv_values {
  std::string prompt_file;
  std::string output_file;
  std::string seed;
  std::string language;
};

// Complaints as "/argv/<index>": no program, an unknown or misspelt placeholder, {prompt}.
[[nodiscard]] std::vector<field_error> check_argv(const std::vector<std::string>& argv);

[[nodiscard]] bool uses(const std::vector<std::string>& argv, std::string_view placeholder);

// Of checked templates. What is filled in is never read for placeholders again.
[[nodiscard]] std::vector<std::string> fill_argv(const std::vector<std::string>& argv,
                                                 const argv_values& values);

// Letters, then groups of letters and digits behind hyphens: never an option, never a path.
[[nodiscard]] bool is_language_tag(std::string_view text);

}  // namespace agon::systems
