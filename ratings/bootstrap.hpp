// Bootstrap intervals of pairwise fits: by battle and by participant, seeded, percentile.
//
// By battle, the counts are drawn anew from the multinomial of the observed ones; by
// participant, participants are drawn with replacement, each with all its votes (a vote
// without participant counts as one of its own). Each round takes one Newton step from the
// full fit with its factor, or, on request, the steps to its own maximum.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ratings/pairwise.hpp"
#include "ratings/vote_log.hpp"

namespace agon::ratings {

struct bootstrap_result {
  std::size_t rounds = 0;
  std::size_t systems = 0;
  std::vector<double> theta;  // row-major rounds × systems (those of the fit), each sum 0
  // Rounds asked to converge whose votes had no maximum nearby; they keep their one step.
  std::size_t not_converged = 0;

  struct bounds {
    double lower = 0;
    double upper = 0;
  };
  // Percentile bounds of theta for each system, by linear interpolation between order
  // statistics.
  [[nodiscard]] std::vector<bounds> percentiles(double confidence) const;
};

// By battle, from the counts inside the fit, which must be of unweighted votes. The result
// depends on the seed, not on the number of threads (0: as many as the machine has).
// Throws std::invalid_argument for weighted counts or settings out of range.
[[nodiscard]] bootstrap_result bootstrap(const pairwise_fit& fit, const pairwise_settings& settings,
                                         unsigned threads = 0);

// By settings.bootstrap.unit, of the log that was fitted, with its weights (none: all 1).
[[nodiscard]] bootstrap_result bootstrap(const vote_log& votes, std::span<const float> weights,
                                         const pairwise_fit& fit, const pairwise_settings& settings,
                                         unsigned threads = 0);

}  // namespace agon::ratings
