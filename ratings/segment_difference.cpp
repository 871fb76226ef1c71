#include "ratings/segment_difference.hpp"

#include <Eigen/Core>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "ratings/intervals.hpp"
#include "ratings/pair_terms.hpp"

namespace agon::ratings {
namespace {

constexpr std::uint32_t not_rated = ~std::uint32_t{0};

pair_model influence_model(method m, bool grounded) {
  switch (m) {
    case method::davidson:
      return pair_model::davidson;
    case method::rao_kupper:
      return pair_model::rao_kupper;
    case method::grounded_rao_kupper:
      return grounded ? pair_model::grounded : pair_model::groundless;
    default:
      return pair_model::bradley_terry;
  }
}

// Which terms of the likelihood an outcome takes part in; none if it is left out.
std::optional<std::size_t> term_of(std::size_t outcome_index, both_bad_policy policy) {
  if (outcome_index != static_cast<std::size_t>(outcome::both_bad)) return outcome_index;
  if (policy == both_bad_policy::drop) return std::nullopt;
  return policy == both_bad_policy::tie ? static_cast<std::size_t>(outcome::tie) : outcome_index;
}

// What a vote moves, by common system, against the mean of these.
class vote_influence {
 public:
  vote_influence(const pairwise_fit& fit, const pairwise_settings& settings, std::size_t systems,
                 const std::vector<system_index>& common)
      : fit_(fit),
        model_(influence_model(settings.method, fit.ground_level.has_value())),
        phi_(fit.tie_parameter.value_or(model_ == pair_model::rao_kupper ||
                                                model_ == pair_model::bradley_terry
                                            ? 0
                                            : -std::numeric_limits<double>::infinity())),
        place_(systems, not_rated),
        columns_(static_cast<Eigen::Index>(common.size()), static_cast<Eigen::Index>(fit.width)) {
    for (std::uint32_t i = 0; i < fit.rated.size(); ++i) place_[fit.rated[i]] = i;
    for (std::size_t i = 0; i < common.size(); ++i)
      for (std::size_t j = 0; j < fit.width; ++j)
        columns_(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
            fit.response[place_[common[i]] * fit.width + j];
    columns_.rowwise() -= columns_.colwise().mean().eval();
  }

  // The terms of a pair; nothing if the fit does not see it.
  [[nodiscard]] std::optional<pair_terms> terms(system_index a, system_index b) const {
    if (place_[a] == not_rated || place_[b] == not_rated) return std::nullopt;
    const double level = fit_.ground_level.value_or(0);
    return terms_of(model_, fit_.theta[place_[a]] + level, fit_.theta[place_[b]] + level, phi_);
  }

  // Adds `sign` times what a vote of this gradient moves.
  void add_to(Eigen::VectorXd& sum, double sign, system_index a, system_index b,
              const std::array<double, 3>& gradient) const {
    sum += sign * gradient[0] * columns_.col(static_cast<Eigen::Index>(place_[a]));
    sum += sign * gradient[1] * columns_.col(static_cast<Eigen::Index>(place_[b]));
    if (fit_.tie_parameter && fit_.width > fit_.rated.size())
      sum += sign * gradient[2] * columns_.col(columns_.cols() - 1);
  }

 private:
  const pairwise_fit& fit_;
  pair_model model_;
  double phi_;
  std::vector<std::uint32_t> place_;
  Eigen::MatrixXd columns_;  // common systems × parameters
};

std::vector<system_index> rated_in_both(const pairwise_fit& x, const pairwise_fit& y) {
  std::vector<system_index> out;
  for (const system_index i : x.rated)
    if (y.ratings[i].status == rating_status::rated) out.push_back(i);
  return out;
}

// Scores of the common systems against their mean, in points.
Eigen::VectorXd centred_scores(const pairwise_fit& fit, const std::vector<system_index>& common) {
  Eigen::VectorXd out(static_cast<Eigen::Index>(common.size()));
  for (std::size_t i = 0; i < common.size(); ++i)
    out[static_cast<Eigen::Index>(i)] = fit.ratings[common[i]].score;
  return out.array() - out.mean();
}

}  // namespace

std::vector<score_difference> segment_difference(const tally& segment, const tally& overall,
                                                 bool nested, const pairwise_settings& settings) {
  const std::size_t systems = overall.systems().size();
  if (segment.systems().size() != systems)
    throw std::invalid_argument("segment_difference: the tallies have other systems");
  for (system_index i = 0; i < systems; ++i)
    if (segment.systems().name(i) != overall.systems().name(i))
      throw std::invalid_argument("segment_difference: the tallies have other systems");
  const pairwise_fit inside = fit_pairwise(segment, settings);
  const pairwise_fit all = fit_pairwise(overall, settings);
  const std::vector<system_index> common = rated_in_both(inside, all);
  if (common.size() < 2) return {};

  const vote_influence psi_inside(inside, settings, systems, common);
  const vote_influence psi_all(all, settings, systems, common);
  const auto n = static_cast<Eigen::Index>(common.size());
  Eigen::VectorXd variance = Eigen::VectorXd::Zero(n);
  const both_bad_policy policy = effective_policy(settings);
  const auto add_pair = [&](system_index a, system_index b, const tally::cell& counts_inside,
                            const tally::cell& counts_all) {
    const auto terms_inside = psi_inside.terms(a, b);
    const auto terms_all = psi_all.terms(a, b);
    for (std::size_t k = 0; k < outcome_count; ++k) {
      const auto term = term_of(k, policy);
      if (!term) continue;
      const auto in_segment = static_cast<double>(counts_inside[k]);
      const auto in_all = static_cast<double>(counts_all[k]);
      Eigen::VectorXd moved_all = Eigen::VectorXd::Zero(n);
      if (terms_all && in_all > 0) psi_all.add_to(moved_all, -1, a, b, terms_all->gradient[*term]);
      variance += (nested ? in_all - in_segment : in_all) * moved_all.cwiseAbs2();
      if (in_segment == 0) continue;
      Eigen::VectorXd moved = nested ? moved_all : Eigen::VectorXd(Eigen::VectorXd::Zero(n));
      if (terms_inside) psi_inside.add_to(moved, 1, a, b, terms_inside->gradient[*term]);
      variance += in_segment * moved.cwiseAbs2();
    }
  };
  for (system_index high = 1; high < systems; ++high)
    for (system_index low = 0; low < high; ++low) {
      const tally::cell& x = segment.pair(low, high);
      const tally::cell& y = overall.pair(low, high);
      if ((x[0] | x[1] | x[2] | x[3] | y[0] | y[1] | y[2] | y[3]) != 0) add_pair(low, high, x, y);
    }

  const Eigen::VectorXd difference = centred_scores(inside, common) - centred_scores(all, common);
  const double width = normal_quantile_two_sided(settings.confidence);
  std::vector<score_difference> out;
  for (Eigen::Index i = 0; i < n; ++i) {
    score_difference d;
    d.system = common[static_cast<std::size_t>(i)];
    d.difference = difference[i];
    d.standard_error = points_per_unit * std::sqrt(variance[i]);
    const double own = inside.ratings[d.system].standard_error;
    const double whole = all.ratings[d.system].standard_error;
    if (own > settings.small_sample_error) {
      const double squared = own * own + (nested ? -whole * whole : whole * whole);
      d.standard_error = std::max(d.standard_error, std::sqrt(std::max(0.0, squared)));
    }
    d.lower = d.difference - width * d.standard_error;
    d.upper = d.difference + width * d.standard_error;
    out.push_back(d);
  }
  return out;
}

}  // namespace agon::ratings
