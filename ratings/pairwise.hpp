// Scores, intervals and ranks from tallies under the pairwise models, with everything
// that is computed after the maximum: sandwich, bootstrap, robustness.
//
//   Bradley–Terry (Zermelo 1929), Davidson 1970 (J. Am. Stat. Assoc. 65:317), Rao & Kupper
//   1967 (J. Am. Stat. Assoc. 62:194), grounded Rao–Kupper (Frick et al. 2025,
//   Prompt-to-Leaderboard, app. A); their formulas are in pair_terms.hpp and docs/ratings.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ratings/bradley_terry.hpp"
#include "ratings/method.hpp"
#include "ratings/outcome.hpp"
#include "ratings/pair_cell.hpp"
#include "ratings/resampling.hpp"
#include "ratings/tally.hpp"
#include "ratings/weighted_tally.hpp"

namespace agon::ratings {

struct pairwise_settings {
  // bradley_terry, davidson, rao_kupper or grounded_rao_kupper.
  ratings::method method = method::bradley_terry;
  // Absent: `model` for grounded Rao–Kupper, which knows no other; `drop` for the rest,
  // which know `drop` and `tie`.
  std::optional<both_bad_policy> both_bad;
  // As in bradley_terry_settings.
  double confidence = 0.95;
  double mean = 1000;
  std::optional<score_anchor> anchor;
  double small_sample_error = 50;
  // Intervals that all hold at once with the given confidence (χ² with |rated| − 1 degrees
  // of freedom, Scheffé), instead of each by itself.
  bool simultaneous = false;
  // Where rounds > 0, a board's bounds are percentiles of a bootstrap instead of the
  // sandwich's; fit_pairwise itself does not look at it. Excludes `simultaneous`.
  bootstrap_settings bootstrap;

  bool operator==(const pairwise_settings&) const = default;
};

// η, ν, …: what the model has beside the scores.
struct model_parameter {
  std::string name;
  double value = 0;
  // Absent where the parameter lies on its bound (a board without a tie).
  std::optional<double> lower;
  std::optional<double> upper;
};

using pairwise_rating = bradley_terry_rating;

struct pairwise_fit {
  std::vector<pairwise_rating> ratings;  // by system index
  std::vector<system_index> rated;       // ascending
  std::vector<double> theta;             // of `rated`, sum 0
  // ln ν (Davidson) or η; absent where there are no ties to fit it to.
  std::optional<double> tie_parameter;
  // Grounded Rao–Kupper: what to add to theta to have it against the ground; absent where
  // no vote was both_bad, so that the ground lies infinitely far below.
  std::optional<double> ground_level;
  // Davidson: nu. Rao–Kupper: eta. Grounded: eta, theta_prime (t) and, if any vote was
  // both_bad, ground_score: the score at which a system alone would fail every other time.
  std::vector<model_parameter> parameters;
  // Row-major |rated| × width: how θ_i moves with the gradient of the likelihood in
  // (θ of `rated`, φ where it is fitted); the rows sum to zero. C H⁻¹, C the centring.
  std::vector<double> response;
  std::size_t width = 0;
  // The same for φ and the ground's level, where they are fitted, in this order.
  std::vector<double> other_response;
  // The votes inside the rated set; a and b are positions in `rated`.
  std::vector<pair_cell> cells;
  double zero = 0;            // points at theta = 0
  double log_likelihood = 0;  // at the maximum, of the votes inside the rated set
  double votes = 0;           // their number (sum of weights)
  bool anchored = false;
  fit_certificate certificate;
};

// Rates the largest set of systems that can be rated; every other system is told why not.
// Never a NaN or an infinity. Where a model with ties has no maximum because decided votes
// do not outnumber ties on any circle (a lone win and a lone tie), all are `separated`.
// Throws std::invalid_argument for settings out of their ranges. Time O(pairs + M³).
[[nodiscard]] pairwise_fit fit_pairwise(const tally& votes, const pairwise_settings& settings = {});
[[nodiscard]] pairwise_fit fit_pairwise(const weighted_tally& votes,
                                        const pairwise_settings& settings = {});

// What the settings say, or the method's own where they are silent.
[[nodiscard]] both_bad_policy effective_policy(const pairwise_settings& settings);

// Probability of each outcome, by outcome, when the rated systems i and j (positions in
// `rated`) meet. Bradley–Terry has no ties: its half wins are shared out.
[[nodiscard]] std::array<double, outcome_count> predicted(const pairwise_fit& fit,
                                                          const pairwise_settings& settings,
                                                          std::size_t i, std::size_t j);

}  // namespace agon::ratings
