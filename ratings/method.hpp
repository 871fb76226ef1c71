// The rating methods by name, and what each is fitted to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace agon::ratings {

enum class method : std::uint8_t {
  elo,
  bradley_terry,
  davidson,
  rao_kupper,
  grounded_rao_kupper,
  contextual,
  plackett_luce,
};

// What a method reads. Every input can be made from a vote_log, except rankings.
enum class method_input : std::uint8_t {
  sequence,  // votes in the order of commit: an elo_state
  tally,     // counts per pair, weighted or not
  rows,      // one row per vote with its slots and features: a vote_log
  rankings,  // k-way rankings
};

[[nodiscard]] std::span<const method> all_methods();

// As on the command line: "elo", "bradley-terry", "davidson", "rao-kupper",
// "grounded-rao-kupper", "contextual", "plackett-luce".
[[nodiscard]] std::string_view to_text(method m);
// As in a board's `method`: the same with underscores.
[[nodiscard]] std::string_view board_name(method m);
// Either spelling; nothing for any other text.
[[nodiscard]] std::optional<method> method_from_text(std::string_view text);

[[nodiscard]] method_input input_of(method m);

}  // namespace agon::ratings
