// Scores on a scale (1 to 100, five stars) by participants who use the scale in their own
// ways: one high, one low, one boldly, one timidly.
//
//   y = μ + a_w + b_w u_s + ε,   Σ_s u_s = 0,  E b_w = 1
//   (a_w, b_w) jointly normal over participants, ε ~ N(0, σ²)
//
// u_s is what a system is worth beyond the field to the average participant, μ + u_s the
// score that they would give it. Shift a_w and scale b_w are random, so that a participant
// with one score does not cost a parameter (as in the mixed models of Kirk et al. 2024,
// PRISM, which have the shift alone). Maximum likelihood by EM; intervals by resampling
// participants, whose scores are not independent. One call for each criterion.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ratings/error.hpp"
#include "ratings/roster.hpp"
#include "ratings/status.hpp"

namespace agon::ratings::cardinal {

struct given_score {
  std::uint32_t participant = 0;
  system_index system = 0;
  double score = 0;
};

struct mixed_settings {
  // false: every b_w is 1, a shift alone. Needs five participants with scores for two
  // systems or more; with fewer it is off, and the fit says so.
  bool with_scale = true;
  double confidence = 0.95;    // in (0, 1)
  std::uint32_t rounds = 200;  // of the bootstrap; 0: no intervals; at most 100,000
  std::uint64_t seed = 1;
  int most_iterations = 500;
  double tolerance = 1e-9;  // ends when the log likelihood gains less per score
};

struct bounded {
  double value = 0;
  // Absent where the fit's `no_interval` says why, or the system was in fewer than half of
  // the bootstrap rounds.
  std::optional<double> lower;
  std::optional<double> upper;
};

struct scored_system {
  rating_status status = rating_status::no_votes;  // or rated
  std::uint64_t scores = 0;
  std::uint64_t participants = 0;
  bounded mean;                  // μ + u_s, in units of the scores
  bounded deviation;             // u_s
  std::uint32_t rank_upper = 0;  // best and worst rank that the deviations' intervals allow;
  std::uint32_t rank_lower = 0;  // 0 without intervals
};

struct scale_use {
  std::uint64_t scores = 0;
  double shift = 0;  // a_w: expected, given their scores; 0 without
  double scale = 1;  // b_w: likewise; 1 without
};

struct mixed_fit {
  std::vector<scored_system> systems;  // by system index
  std::vector<scale_use> participants;
  double shift_sd = 0;  // over participants, of a_w and b_w, and of ε
  double scale_sd = 0;
  double residual_sd = 0;
  bool scale_used = false;
  double log_likelihood = 0;  // of the scores in their own units
  int iterations = 0;
  bool converged = false;
  std::string no_interval;  // why there are none; else empty
};

// Refused: a score that is not finite, a system that is not below `systems`, more than
// 2^24 participants. Throws std::invalid_argument for settings out of range. The same seed
// gives the same fit. Never NaN. O((rounds + 1) · iterations · scores).
[[nodiscard]] checked<mixed_fit> fit_mixed(std::size_t systems, std::span<const given_score> scores,
                                           const mixed_settings& settings = {});

}  // namespace agon::ratings::cardinal
