// Segments by what was asked beside the text of a prompt.
#pragma once

#include <optional>
#include <string_view>

namespace agon::ratings {

// The field's name of the dimension "request.NAME", NAME of 1 to 32 lower-case letters, digits
// and _; nothing for other dimensions.
[[nodiscard]] inline std::optional<std::string_view> request_field_of(std::string_view dimension) {
  constexpr std::string_view before = "request.";
  constexpr std::size_t longest = 32;
  if (dimension.substr(0, before.size()) != before) return std::nullopt;
  const std::string_view name = dimension.substr(before.size());
  if (name.empty() || name.size() > longest ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string_view::npos)
    return std::nullopt;
  return name;
}

}  // namespace agon::ratings
