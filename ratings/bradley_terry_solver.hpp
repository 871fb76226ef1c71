// The numerical core of Bradley–Terry, on a set of systems known to be comparable.
// Inside the library only.
#pragma once

#include <Eigen/Core>
#include <span>

#include "ratings/bradley_terry.hpp"
#include "ratings/connectivity.hpp"

namespace agon::ratings {

struct solution {
  Eigen::VectorXd theta;      // sum 0
  Eigen::MatrixXd inverse;    // pseudo-inverse of H at theta
  Eigen::VectorXd variances;  // diagonal of the sandwich V
  // In the units of theta, not of points; score_error is infinite where no bound could
  // be given, and then nothing else here may be used.
  fit_certificate certificate;
};

// `votes` compare systems 0 … systems−1, of which there are two or more, and are strongly
// connected. O(systems³ + systems · comparisons).
[[nodiscard]] solution solve_bradley_terry(std::size_t systems, std::span<const comparison> votes);

// The start of every fit: θ (sum 0) after at most so many sweeps of Newman's iteration, or zeros
// where the strengths left the range of safe arithmetic. Says how many sweeps it took.
[[nodiscard]] Eigen::VectorXd newman_scores(std::size_t systems, std::span<const comparison> votes,
                                            int& sweeps, int most_sweeps = 64);

}  // namespace agon::ratings
