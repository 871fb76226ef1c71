// The four ways in which a comparison of two systems can end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace agon::ratings {

enum class outcome : std::uint8_t { a, b, tie, both_bad };
inline constexpr std::size_t outcome_count = 4;

// What a board does with both_bad: leave it out, count it as a tie, or model it as an
// outcome of its own (grounded Rao–Kupper alone).
enum class both_bad_policy : std::uint8_t { drop, tie, model };

// "a", "b", "tie", "both_bad"; "drop", "tie", "model".
[[nodiscard]] std::string_view to_text(outcome o);
[[nodiscard]] std::string_view to_text(both_bad_policy p);

// Exactly the texts above. Nothing for any other text: a value that is not known is
// never taken for a tie.
[[nodiscard]] std::optional<outcome> outcome_from_text(std::string_view text);
[[nodiscard]] std::optional<both_bad_policy> both_bad_policy_from_text(std::string_view text);

// The same outcome told with the two systems exchanged.
[[nodiscard]] constexpr outcome mirrored(outcome o) {
  const auto v = static_cast<unsigned>(o);
  return static_cast<outcome>(v ^ static_cast<unsigned>(v < 2));
}

}  // namespace agon::ratings
