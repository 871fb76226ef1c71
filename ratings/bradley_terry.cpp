#include "ratings/bradley_terry.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "ratings/bradley_terry_solver.hpp"
#include "ratings/connectivity.hpp"
#include "ratings/intervals.hpp"
#include "ratings/score_scale.hpp"

namespace agon::ratings {
namespace {

// A fit that cannot prove its scores to this many points is not shown.
constexpr double accepted_error = 1e-4;
constexpr double largest_offset = 1e6;

void require_valid(const bradley_terry_settings& s) {
  // Written so that NaN fails.
  const bool anchor_ok = !s.anchor || std::fabs(s.anchor->score) <= largest_offset;
  if (!(s.confidence > 0 && s.confidence < 1) || !(std::fabs(s.mean) <= largest_offset) ||
      !(s.small_sample_error >= 0 && s.small_sample_error <= largest_offset) || !anchor_ok ||
      s.both_bad == both_bad_policy::model)
    throw std::invalid_argument(
        "bradley_terry: confidence must be in (0, 1), mean and anchor within ±1e6, "
        "small_sample_error in [0, 1e6], both_bad drop or tie");
}

std::vector<comparison> counted_votes(const tally& votes, both_bad_policy policy) {
  std::vector<comparison> out;
  votes.for_each_pair([&](system_index a, system_index b, const tally::cell& c) {
    const auto both_bad = policy == both_bad_policy::tie ? c[3] : 0;
    if ((c[0] | c[1] | c[2] | both_bad) == 0) return;
    out.push_back({a, b, static_cast<double>(c[0]), static_cast<double>(c[1]),
                   static_cast<double>(c[2]) + static_cast<double>(both_bad)});
  });
  return out;
}

// Those votes that stay inside the rated set, with its systems numbered 0, 1, ….
std::vector<comparison> votes_inside(const std::vector<comparison>& votes,
                                     const connectivity& comparable) {
  std::vector<std::uint32_t> place(comparable.status.size());
  for (std::uint32_t i = 0; i < comparable.rated.size(); ++i) place[comparable.rated[i]] = i;
  std::vector<comparison> out;
  for (comparison c : votes) {
    if (comparable.status[c.a] != rating_status::rated ||
        comparable.status[c.b] != rating_status::rated)
      continue;
    c.a = place[c.a];
    c.b = place[c.b];
    out.push_back(c);
  }
  return out;
}

void fill_ratings(bradley_terry_fit& fit, const solution& s, const roster& systems,
                  const bradley_terry_settings& settings) {
  std::vector<theta_error> errors;
  for (Eigen::Index i = 0; i < s.theta.size(); ++i)
    errors.push_back({std::sqrt(s.variances[i]), std::sqrt(s.inverse(i, i))});
  const double zero =
      zero_of_scores(settings.anchor, settings.mean, systems, fit.rated, fit.theta, fit.anchored);
  set_ratings(fit.ratings, fit.rated, fit.theta, errors,
              {zero, normal_quantile_two_sided(settings.confidence), settings.small_sample_error});
}

}  // namespace

bradley_terry_fit fit_bradley_terry(const tally& votes, const bradley_terry_settings& settings) {
  require_valid(settings);
  const auto counted = counted_votes(votes, settings.both_bad);
  connectivity comparable = find_comparable(votes.systems().size(), counted);
  bradley_terry_fit fit;
  fit.ratings.resize(votes.systems().size());
  for (std::size_t i = 0; i < fit.ratings.size(); ++i) fit.ratings[i].status = comparable.status[i];
  if (comparable.rated.empty()) return fit;

  const solution s =
      solve_bradley_terry(comparable.rated.size(), votes_inside(counted, comparable));
  if (!(s.certificate.score_error * points_per_unit <= accepted_error)) {
    for (const system_index i : comparable.rated)
      fit.ratings[i].status = rating_status::not_converged;
    return fit;
  }
  fit.certificate = s.certificate;
  fit.certificate.score_error *= points_per_unit;
  fit.rated = std::move(comparable.rated);
  fit.theta.assign(s.theta.begin(), s.theta.end());
  fit.inverse_information.assign(s.inverse.data(), s.inverse.data() + s.inverse.size());
  fill_ratings(fit, s, votes.systems(), settings);
  return fit;
}

std::vector<bradley_terry_rating> bradley_terry_scores(const tally& votes,
                                                       const bradley_terry_settings& settings) {
  require_valid(settings);
  constexpr int most_sweeps = 1000;
  const auto counted = counted_votes(votes, settings.both_bad);
  const connectivity comparable = find_comparable(votes.systems().size(), counted);
  std::vector<bradley_terry_rating> out(votes.systems().size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i].status = comparable.status[i];
  if (comparable.rated.empty()) return out;
  int sweeps = 0;
  const Eigen::VectorXd theta = newman_scores(
      comparable.rated.size(), votes_inside(counted, comparable), sweeps, most_sweeps);
  const std::vector<double> values(theta.begin(), theta.end());
  bool anchored = false;
  const double zero = zero_of_scores(settings.anchor, settings.mean, votes.systems(),
                                     comparable.rated, values, anchored);
  for (std::size_t i = 0; i < values.size(); ++i) {
    bradley_terry_rating& r = out[comparable.rated[i]];
    if (sweeps < most_sweeps)
      r.score = zero + points_per_unit * values[i];
    else
      r.status = rating_status::not_converged;
  }
  return out;
}

}  // namespace agon::ratings
