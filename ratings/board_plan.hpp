// Which boards an arena has: one for each method, and for each the slices of the votes
// that have a board of their own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ratings/contextual.hpp"
#include "ratings/elo.hpp"
#include "ratings/error.hpp"
#include "ratings/method.hpp"
#include "ratings/pairwise.hpp"
#include "ratings/weight_settings.hpp"

namespace agon::ratings {

struct planned_board {
  ratings::method method = method::bradley_terry;
  std::optional<both_bad_policy> both_bad;  // absent: the method's own
  std::optional<score_anchor> anchor;
  bool simultaneous = false;
  // Of segment_dimensions(): "language" makes the segments "language:en", "language:fr", …
  std::vector<std::string> segment_by;
  // Contextual alone: which of context_features() are taken out of the comparison, and whether
  // the side is.
  std::vector<std::string> features{};
  bool side_bias = true;
  weight_settings weights{};  // not of Elo

  // Whether the board is made of votes one by one, not of counts per pair.
  [[nodiscard]] bool from_rows() const {
    return method == ratings::method::contextual || weights.any();
  }

  bool operator==(const planned_board&) const = default;
};

// A method stands once at most; there is at least one.
using board_plan = std::vector<planned_board>;

// Bradley–Terry and Elo, without segments.
[[nodiscard]] board_plan default_plan();

// What is wrong with one board of a plan: a field of it ("both_bad") and why.
struct plan_complaint {
  std::string field;
  std::string reason;
};
[[nodiscard]] std::optional<plan_complaint> complaint_about(const planned_board& b);

// What is known of both outputs of a vote. Of texts: tokens, headers, list_items, bold; of
// sounds: seconds, loudness_lufs; of all: generation_seconds.
[[nodiscard]] const std::vector<std::string>& context_features();

// language, prompt (typed, random): of the prompt. day, week, month: of the vote (UTC). criterion:
// the answers to other comparisons than overall. request.NAME beside: see request_segments.hpp.
[[nodiscard]] const std::vector<std::string>& segment_dimensions();

// "language:en". Nothing for a value that cannot name a segment: only 1 to 64 letters,
// digits and . _ - can.
[[nodiscard]] std::optional<std::string> segment_name(std::string_view dimension,
                                                      std::string_view value);
// The part before the colon; empty for the segment of all votes, which is "".
[[nodiscard]] std::string_view dimension_of(std::string_view segment);

// All votes, those of participants in quarantine too.
inline constexpr std::string_view unfiltered_segment = "quarantine:included";

[[nodiscard]] pairwise_settings pairwise_settings_of(const planned_board& b);
[[nodiscard]] contextual_settings contextual_settings_of(const planned_board& b);
[[nodiscard]] elo_settings elo_settings_of(const planned_board& b);

// Canonical JSON, and back. An empty array is the default plan. Refused: what to_json does
// not write.
[[nodiscard]] std::string to_json(const board_plan& plan);
[[nodiscard]] checked<board_plan> plan_from_json(std::string_view text);

}  // namespace agon::ratings
