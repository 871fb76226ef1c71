#include "ratings/ranking/plackett_luce.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "ratings/connectivity.hpp"
#include "ratings/intervals.hpp"
#include "ratings/ranking/plackett_luce_solver.hpp"
#include "ratings/score_scale.hpp"

namespace agon::ratings::ranking {
namespace {

constexpr double accepted_score_error = 1e-4;  // points
constexpr std::uint32_t absent = ~std::uint32_t{0};

void require_valid(const plackett_luce_settings& s) {
  if (!(s.pseudo >= 0 && s.pseudo <= 1e6)) throw std::invalid_argument("pseudo: 0 to 1e6");
  if (!(s.confidence > 0 && s.confidence < 1))
    throw std::invalid_argument("confidence must be between 0 and 1");
  if (!(std::fabs(s.mean) <= 1e6)) throw std::invalid_argument("mean must be within ±1e6");
  if (s.anchor && !(std::fabs(s.anchor->score) <= 1e6))
    throw std::invalid_argument("anchor must be within ±1e6");
  if (!(s.small_sample_error >= 0 && s.small_sample_error <= 1e6))
    throw std::invalid_argument("small_sample_error must be 0 to 1e6");
}

std::vector<comparison> pairs_of(const ranking_tally& rankings) {
  std::vector<comparison> out;
  rankings.implied_pairs().for_each_pair(
      [&](system_index low, system_index high, const tally::cell& c) {
        out.push_back({low, high, static_cast<double>(c[0]), static_cast<double>(c[1]),
                       static_cast<double>(c[2])});
      });
  return out;
}

connectivity all_that_were_ranked(std::size_t systems, std::span<const comparison> pairs) {
  connectivity out;
  out.status.assign(systems, rating_status::no_votes);
  for (const comparison& c : pairs) out.status[c.a] = out.status[c.b] = rating_status::rated;
  for (std::uint32_t i = 0; i < systems; ++i)
    if (out.status[i] == rating_status::rated) out.rated.push_back(i);
  return out;
}

// The rankings without the systems that are not rated: those stand on one side of all that
// are, so the choices inside do not depend on them.
choice_data choices_inside(const ranking_tally& rankings, const connectivity& comparable) {
  std::vector<std::uint32_t> place(rankings.systems().size(), absent);
  for (std::uint32_t k = 0; k < comparable.rated.size(); ++k) place[comparable.rated[k]] = k;
  choice_data out;
  out.systems = comparable.rated.size();
  std::set<std::uint32_t> sizes;
  for (const auto& [r, n] : rankings.rankings()) {
    choice_sequence sequence;
    sequence.count = static_cast<double>(n);
    std::vector<std::uint32_t> left;
    for (const system_index i : r.below)
      if (place[i] != absent) left.push_back(place[i]);
    // From the last choice to the first, so that `left` grows.
    for (auto group = r.groups.rbegin(); group != r.groups.rend(); ++group) {
      std::vector<std::uint32_t> chosen;
      for (const system_index i : *group)
        if (place[i] != absent) chosen.push_back(place[i]);
      const auto count = static_cast<std::uint32_t>(chosen.size());
      chosen.insert(chosen.end(), left.begin(), left.end());
      left = chosen;
      if (count == 0 || left.size() < 2) continue;
      if (count > 1) sizes.insert(count);
      sequence.choices.insert(sequence.choices.begin(), {std::move(chosen), count});
    }
    if (!sequence.choices.empty()) out.sequences.push_back(std::move(sequence));
  }
  out.tie_sizes.assign(sizes.begin(), sizes.end());
  return out;
}

void fill_fit(plackett_luce_fit& fit, const choice_solution& s, const choice_data& data,
              const roster& systems, const plackett_luce_settings& settings) {
  fit.certificate = s.certificate;
  fit.certificate.score_error *= points_per_unit;
  fit.log_likelihood = s.log_likelihood;
  fit.theta.assign(s.theta.begin(), s.theta.end());
  const auto m = static_cast<Eigen::Index>(data.systems);
  std::vector<theta_error> errors;
  for (Eigen::Index i = 0; i < m; ++i) {
    for (Eigen::Index j = 0; j < m; ++j) fit.covariance.push_back(s.inverse(i, j));
    errors.push_back({std::sqrt(s.variances[i]), std::sqrt(s.inverse(i, i))});
  }
  for (std::size_t t = 0; t < data.tie_sizes.size(); ++t) {
    const auto k = static_cast<Eigen::Index>(t);
    fit.ties.push_back({data.tie_sizes[t], s.log_delta[k], std::sqrt(s.variances[m + k])});
  }
  const double zero =
      zero_of_scores(settings.anchor, settings.mean, systems, fit.rated, fit.theta, fit.anchored);
  set_ratings(fit.ratings, fit.rated, fit.theta, errors,
              {zero, normal_quantile_two_sided(settings.confidence), settings.small_sample_error});
}

}  // namespace

plackett_luce_fit fit_plackett_luce(const ranking_tally& rankings,
                                    const plackett_luce_settings& settings) {
  require_valid(settings);
  const std::size_t systems = rankings.systems().size();
  const auto pairs = pairs_of(rankings);
  connectivity comparable =
      settings.pseudo > 0 ? all_that_were_ranked(systems, pairs) : find_comparable(systems, pairs);
  plackett_luce_fit fit;
  fit.regularised = settings.pseudo > 0;
  fit.ratings.resize(systems);
  for (std::size_t i = 0; i < systems; ++i) fit.ratings[i].status = comparable.status[i];
  if (comparable.rated.empty()) return fit;

  choice_data data = choices_inside(rankings, comparable);
  data.pseudo = settings.pseudo;
  const choice_solution s = solve_plackett_luce(data);
  if (!(s.certificate.score_error * points_per_unit <= accepted_score_error)) {
    for (const system_index i : comparable.rated)
      fit.ratings[i].status = rating_status::not_converged;
    fit.problem = data.tie_sizes.empty()
                      ? "the counts are too unbalanced for double arithmetic"
                      : "the strength of ties has no finite estimate: too few choices without "
                        "a tie among the same systems";
    return fit;
  }
  fit.rated = std::move(comparable.rated);
  fill_fit(fit, s, data, rankings.systems(), settings);
  return fit;
}

}  // namespace agon::ratings::ranking
