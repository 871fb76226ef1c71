// A computed board: what the rating job stores, the page shows and the verifier of a
// release recomputes. The same votes and settings give the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ratings/bradley_terry.hpp"
#include "ratings/contextual.hpp"
#include "ratings/elo.hpp"
#include "ratings/pairwise.hpp"
#include "ratings/ranking/plackett_luce.hpp"
#include "ratings/status.hpp"
#include "ratings/tally.hpp"
#include "ratings/vote_log.hpp"
#include "ratings/weight_settings.hpp"

namespace agon::ratings {

// Changes whenever the bytes of a board could change for the same votes and settings.
inline constexpr std::string_view code_revision = "agon_ratings/1";

// Scores and interval bounds carry three decimals: a thousandth of a point, far above the
// error of the fit, far below any interval.
inline constexpr int score_decimals = 3;

struct board_entry {
  std::string system;
  // Absent unless status is rated. In points, rounded to score_decimals.
  std::optional<double> score;
  // Absent where the method gives no interval (Elo) or the system is not rated.
  std::optional<double> lower;
  std::optional<double> upper;
  std::optional<std::uint32_t> rank_upper;  // best rank the interval allows, from 1
  std::optional<std::uint32_t> rank_lower;  // worst
  // All its votes, also those that the board leaves out: wins + losses + ties + both_bad.
  std::uint64_t votes = 0;
  std::uint64_t wins = 0;
  std::uint64_t losses = 0;
  std::uint64_t ties = 0;
  std::uint64_t both_bad = 0;
  rating_status status = rating_status::no_votes;
};

// Bounds rounded up to a power of ten, at least 1e-6, so that they do not change with the
// last bits of a machine's arithmetic.
struct board_certificate {
  double gradient_norm_below = 0;
  double score_error_below = 0;
};

struct board {
  std::string method;  // board_name() of the method
  std::variant<bradley_terry_settings, elo_settings, pairwise_settings, contextual_settings,
               ranking::plackett_luce_settings>
      settings;
  // Rated systems by best rank, then score, then name (Elo: by score, then name); after
  // them the others by name.
  std::vector<board_entry> entries;
  std::uint64_t votes = 0;
  // Methods on tallies: sha256() of the tally or weighted tally. Elo: elo_state::chain().
  // Contextual and Plackett–Luce: sha256() of the vote_log, or of the ranking_tally.
  std::string inputs_sha256;
  bool anchored = false;                         // the anchor of the settings was applied
  std::optional<board_certificate> certificate;  // of a fit; Elo has none
  // Of models that have more than scores; to six significant digits.
  std::vector<model_parameter> parameters;
  // Of a board of weighted votes, where whoever weighed them says how.
  std::optional<stated_weights> weights;
};

struct board_settings {
  bradley_terry_settings bradley_terry;
};

// The boards of one arena (or segment), Bradley–Terry first, then Elo. Both arguments
// come from the same votes; systems that only one of them knows are added to the other.
// Throws std::invalid_argument if their numbers of votes differ or settings are out of
// range. Neither the order in which systems were registered nor, for Bradley–Terry, that
// of the votes changes the result.
[[nodiscard]] std::vector<board> make_boards(const tally& votes, const elo_state& elo,
                                             const board_settings& settings = {});

[[nodiscard]] board make_bradley_terry_board(const tally& votes,
                                             const bradley_terry_settings& settings = {});
// `votes` gives the counts beside the scores.
[[nodiscard]] board make_elo_board(const tally& votes, const elo_state& elo);

// The board of any method on tallies. A Bradley–Terry board of a plain tally with settings
// that bradley_terry_settings can say too has the bytes of make_bradley_terry_board.
[[nodiscard]] board make_pairwise_board(const tally& votes, const pairwise_settings& settings);
[[nodiscard]] board make_pairwise_board(const weighted_tally& votes,
                                        const pairwise_settings& settings);
// Of a log, with a weight for each vote or with none: needed where a bootstrap is by
// participant or of weighted votes.
[[nodiscard]] board make_pairwise_board(const vote_log& votes, std::span<const float> weights,
                                        const pairwise_settings& settings);

// Parameters are the effects of features and side, in points.
[[nodiscard]] board make_contextual_board(const vote_log& votes,
                                          const contextual_settings& settings = {},
                                          std::span<const float> weights = {});

// How a board (of a segment, or with style taken out) differs from another of the same
// systems, for each system that either rates; by name.
struct board_difference {
  std::string system;
  std::optional<double> score;  // of `b` less that of `base`; absent unless both rate it
  // The score changed by more than both intervals together: |difference| above the root of
  // the sum of their squared half widths. Absent where a board has no intervals. Boards that
  // share votes are not independent, so this errs on the side of silence.
  std::optional<bool> beyond_error;
  std::optional<std::int64_t> ranks;  // places gained by score among systems both rate
};
// Both boards are shifted to the same mean over the systems that both rate.
[[nodiscard]] std::vector<board_difference> difference(const board& base, const board& b);

// Canonical JSON (RFC 8785); docs/ratings.md lists its fields. Absent values are null.
[[nodiscard]] std::string to_json(const board& b);

}  // namespace agon::ratings
