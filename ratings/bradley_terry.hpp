// Bradley–Terry by maximum likelihood from a tally:  P(a beats b) = σ(θ_a − θ_b), a tie
// half a win for each.
//
// Scores: sweeps of Newman's iteration (Newman 2023, J. Mach. Learn. Res. 24:238), then
// damped Newton steps of length ln(1+d)/d, which cannot diverge (Sun & Tran-Dinh 2019,
// Math. Program. 178). Intervals: sandwich V = H⁻¹GH⁻¹ (Huber 1967; Chiang et al. 2024,
// Chatbot Arena, eq. 5), H = Σ n p(1−p) ddᵀ, G = Σ c (y−p)² ddᵀ over pairs and outcomes,
// d = e_a − e_b, without a ridge: one Cholesky of H + (tr H / M²)·11ᵀ gives V in the
// gauge in which the θ sum to zero.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ratings/outcome.hpp"
#include "ratings/status.hpp"
#include "ratings/tally.hpp"

namespace agon::ratings {

// Points of score per unit of θ: 400 / ln 10.
inline constexpr double points_per_unit = 173.71779276130073;

struct score_anchor {
  std::string system;
  double score = 1000;

  bool operator==(const score_anchor&) const = default;
};

struct bradley_terry_settings {
  both_bad_policy both_bad = both_bad_policy::drop;
  double confidence = 0.95;  // of each interval by itself, in (0, 1)
  double mean = 1000;        // mean score of the rated systems unless one is anchored; within ±1e6
  // This system has this score, and the others follow: a mere shift. Intervals and ranks
  // are not changed by it. While the system cannot be rated, the mean is used.
  std::optional<score_anchor> anchor;
  // Where even the model's own standard error (from H⁻¹) is above this many points, the
  // data are too few for the sandwich, which a single tie would make zero; the wider of
  // the two is taken. 50 points are about 48 votes against well-known systems. In [0, 1e6].
  double small_sample_error = 50;

  bool operator==(const bradley_terry_settings&) const = default;
};

struct bradley_terry_rating {
  rating_status status = rating_status::no_votes;
  // The rest is 0 unless status is rated. Scores and errors in points, ranks from 1 (best).
  double score = 0;
  double standard_error = 0;
  double lower = 0;
  double upper = 0;
  std::uint32_t rank_upper = 0;  // best rank: 1 + #{j: lower_j > upper_i}
  std::uint32_t rank_lower = 0;  // worst rank: #rated − #{j: upper_j < lower_i}
};

// Proof that the scores are those of the maximum.
struct fit_certificate {
  double gradient_norm = 0;  // ‖∇‖₂ of the summed log likelihood in θ, in votes
  // No score is farther than this from the exact one, in points: 4 ν √(H⁻¹)_ii, ν the
  // Newton decrement, rounding included (Bach 2010, Electron. J. Stat. 4, prop. 2).
  double score_error = 0;
  int sweeps = 0;
  int newton_steps = 0;
};

struct bradley_terry_fit {
  std::vector<bradley_terry_rating> ratings;  // by system index
  std::vector<system_index> rated;            // ascending; empty if nothing can be rated
  std::vector<double> theta;                  // of `rated`, sum 0
  // Row-major |rated| × |rated|, symmetric: pseudo-inverse of H, the covariance of theta
  // if the model holds.
  std::vector<double> inverse_information;
  bool anchored = false;  // true if settings.anchor set the scale
  fit_certificate certificate;
};

// Rates the largest set of systems that can be rated; every other system is told why
// not. Never a NaN or an infinity, whatever the counts. Throws std::invalid_argument for
// settings out of their ranges. Time O(pairs + M³), memory O(M²); deterministic.
[[nodiscard]] bradley_terry_fit fit_bradley_terry(const tally& votes,
                                                  const bradley_terry_settings& settings = {});

// Scores alone, by sweeps without a factor, for rosters too large for O(M³): thousands of
// systems in under a second. The ratings have status and score, the rest is 0; nothing
// certifies them beyond the sweeps' end, which is a change below 10⁻⁹ of every strength or
// a thousand sweeps (then all are not_converged). Throws as fit_bradley_terry does.
// O(pairs) for each sweep.
[[nodiscard]] std::vector<bradley_terry_rating> bradley_terry_scores(
    const tally& votes, const bradley_terry_settings& settings = {});

}  // namespace agon::ratings
