// What the boards of all methods are put together from. Inside the library only.
#pragma once

#include <span>
#include <vector>

#include "ratings/board.hpp"

namespace agon::ratings {

// To score_decimals.
[[nodiscard]] double rounded_score(double v);

// One entry per system, with its counts, in the tally's order.
[[nodiscard]] std::vector<board_entry> entries_of(const tally& votes);

// By best rank, then score, then name; those without a score last.
void sort_entries(std::vector<board_entry>& entries);

// What every fit says of its systems.
struct rated_systems {
  std::span<const bradley_terry_rating> ratings;  // as the entries are ordered
  bool any_rated = false;
  bool anchored = false;
  fit_certificate certificate;
};
template <typename Fit>
[[nodiscard]] rated_systems rated_systems_of(const Fit& fit) {
  return {fit.ratings, !fit.rated.empty(), fit.anchored, fit.certificate};
}

// Scores, intervals and ranks to the entries, which it sorts, and the certificate.
void set_scores(board& out, const rated_systems& fit);

// To six significant digits.
void set_parameters(board& out, const std::vector<model_parameter>& parameters);

}  // namespace agon::ratings
