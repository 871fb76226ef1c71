// One choice: of a set of alternatives the best, or several best that tie. Inside the
// library only.
//
//   f(S) = δ_|S| exp(mean of θ over S),  P(S | A) = f(S) / Σ f(S')  over S' ⊆ A of the sizes
//   that occur in the data (Turner et al. 2020, Comput. Stat. 35:1027)
//
// with δ_1 = 1. log f is linear in (θ, ln δ), so this is an exponential family and the log
// likelihood is concave.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

namespace agon::ratings::ranking {

// Moments of what is chosen. Features: for alternative i, [i ∈ S]/|S|; for the t-th tie
// size, [|S| = sizes[t]].
struct choice_moments {
  double log_sum = 0;          // log Σ f(S)
  Eigen::VectorXd mean;        // alternatives, then tie sizes
  Eigen::MatrixXd covariance;  // likewise, all of it
};

// `theta` of the alternatives, of which there are two or more. `sizes` ascending, all ≥ 2;
// those larger than the set do not occur in it. Sums of positive terms only: full relative
// accuracy. O(n²) without ties, O(n³ · largest size) with them.
[[nodiscard]] choice_moments moments_of_choice(std::span<const double> theta,
                                               std::span<const std::uint32_t> sizes,
                                               std::span<const double> log_delta);

}  // namespace agon::ratings::ranking
