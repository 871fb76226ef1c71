// From θ and its errors to points, bounds and ranks. Inside the library only.
#pragma once

#include <span>

#include "ratings/bradley_terry.hpp"

namespace agon::ratings {

struct theta_error {
  double robust = 0;  // standard errors of θ in the gauge of sum zero: of the sandwich
  double model = 0;   // and of the model itself
};

struct scale_of_scores {
  double zero = 1000;   // points at θ = 0
  double width = 1.96;  // half an interval, in standard errors
  double small_sample_error = 50;
};

// Fills score, standard error, bounds and ranks of the rated systems; theta and errors are
// by position in `rated`.
void set_ratings(std::span<bradley_terry_rating> ratings, std::span<const system_index> rated,
                 std::span<const double> theta, std::span<const theta_error> errors,
                 const scale_of_scores& scale);

// Points at θ = 0: such that the anchor, if it is rated, has its score, else the mean.
// Says whether the anchor was used.
[[nodiscard]] double zero_of_scores(const std::optional<score_anchor>& anchor, double mean,
                                    const roster& systems, std::span<const system_index> rated,
                                    std::span<const double> theta, bool& anchored);

}  // namespace agon::ratings
