#include "ratings/score_scale.hpp"

#include <algorithm>

#include "ratings/intervals.hpp"

namespace agon::ratings {

void set_ratings(std::span<bradley_terry_rating> ratings, std::span<const system_index> rated,
                 std::span<const double> theta, std::span<const theta_error> errors,
                 const scale_of_scores& scale) {
  std::vector<interval> intervals;
  for (std::size_t i = 0; i < rated.size(); ++i) {
    const double robust = points_per_unit * errors[i].robust;
    const double model = points_per_unit * errors[i].model;
    bradley_terry_rating& r = ratings[rated[i]];
    r.score = scale.zero + points_per_unit * theta[i];
    r.standard_error = model > scale.small_sample_error ? std::max(robust, model) : robust;
    r.lower = r.score - scale.width * r.standard_error;
    r.upper = r.score + scale.width * r.standard_error;
    intervals.push_back({r.lower, r.upper});
  }
  const auto ranks = rank_ranges(intervals);
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    ratings[rated[i]].rank_upper = ranks[i].upper;
    ratings[rated[i]].rank_lower = ranks[i].lower;
  }
}

double zero_of_scores(const std::optional<score_anchor>& anchor, double mean, const roster& systems,
                      std::span<const system_index> rated, std::span<const double> theta,
                      bool& anchored) {
  anchored = false;
  if (!anchor) return mean;
  const auto index = systems.find(anchor->system);
  if (!index) return mean;
  const auto place = std::lower_bound(rated.begin(), rated.end(), *index);
  if (place == rated.end() || *place != *index) return mean;
  anchored = true;
  return anchor->score - points_per_unit * theta[static_cast<std::size_t>(place - rated.begin())];
}

}  // namespace agon::ratings
