#include "ratings/participants/group_difference.hpp"

#include <Eigen/Core>
#include <array>
#include <cmath>
#include <stdexcept>

#include "ratings/intervals.hpp"

namespace agon::ratings::participants {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using index = Eigen::Index;

// The counts of `part` on the pairs and in the order of `all`.
tally in_order_of(const tally& all, const tally& part) {
  tally out;
  for (system_index i = 0; i < all.systems().size(); ++i) out.add_system(all.systems().name(i));
  out.merge(part);
  if (out.systems().size() != all.systems().size())
    throw std::invalid_argument("the part has a system that the whole has not");
  for (system_index b = 1; b < out.systems().size(); ++b)
    for (system_index a = 0; a < b; ++a)
      for (std::size_t o = 0; o < outcome_count; ++o)
        if (out.pair(a, b)[o] > all.pair(a, b)[o])
          throw std::invalid_argument("the part has a vote that the whole has not");
  return out;
}

bradley_terry_fit fitted_board(const tally& votes, const difference_settings& s) {
  bradley_terry_settings settings;
  settings.both_bad = s.both_bad;
  settings.confidence = s.confidence;
  return fit_bradley_terry(votes, settings);
}

// One board seen from the systems that both rate: θ by system, and how the shared θ,
// centred, move with a unit of gradient at each system.
struct shared_view {
  VectorXd theta;      // by system index; 0 where not rated
  MatrixXd influence;  // shared × systems; columns of zeros where not rated
  std::vector<bool> rated;

  shared_view(const bradley_terry_fit& fit, const std::vector<system_index>& shared) {
    const auto n = static_cast<index>(fit.ratings.size());
    const auto m = static_cast<index>(fit.rated.size());
    theta = VectorXd::Zero(n);
    rated.assign(fit.ratings.size(), false);
    MatrixXd rows = MatrixXd::Zero(n, n);
    for (index i = 0; i < m; ++i) {
      const auto to = static_cast<index>(fit.rated[static_cast<std::size_t>(i)]);
      theta[to] = fit.theta[static_cast<std::size_t>(i)];
      rated[static_cast<std::size_t>(to)] = true;
      for (index j = 0; j < m; ++j)
        rows(to, static_cast<index>(fit.rated[static_cast<std::size_t>(j)])) =
            fit.inverse_information[static_cast<std::size_t>(i * m + j)];
    }
    influence.resize(static_cast<index>(shared.size()), n);
    double mean = 0;
    for (std::size_t k = 0; k < shared.size(); ++k) {
      influence.row(static_cast<index>(k)) = rows.row(shared[k]);
      mean += theta[shared[k]] / static_cast<double>(shared.size());
    }
    influence.rowwise() -= influence.colwise().mean().eval();
    theta.array() -= mean;
  }

  // By what a vote of value y (1, ½, 0 for a) exceeded the odds; 0 for a pair not on the
  // board.
  [[nodiscard]] double residual(system_index a, system_index b, double y) const {
    if (!rated[a] || !rated[b]) return 0;
    return y - 1 / (1 + std::exp(theta[b] - theta[a]));
  }
  [[nodiscard]] double information(system_index a, system_index b, double votes) const {
    if (!rated[a] || !rated[b]) return 0;
    const double p = 1 / (1 + std::exp(theta[b] - theta[a]));
    return votes * p * (1 - p);
  }
};

struct difference_variances {
  VectorXd robust;
  VectorXd model;
};

difference_variances variances_of(const tally& all, const tally& part, const shared_view& whole,
                                  const shared_view& piece, both_bad_policy policy) {
  const index shared = whole.influence.rows();
  difference_variances out{VectorXd::Zero(shared), VectorXd::Zero(shared)};
  constexpr std::array<double, outcome_count> value{1, 0, 0.5, 0.5};
  for (system_index b = 1; b < all.systems().size(); ++b)
    for (system_index a = 0; a < b; ++a) {
      const auto& every = all.pair(a, b);
      const auto& some = part.pair(a, b);
      const VectorXd on_all = whole.influence.col(a) - whole.influence.col(b);
      const VectorXd on_part = piece.influence.col(a) - piece.influence.col(b);
      double inside = 0, outside = 0;
      for (std::size_t o = 0; o < outcome_count; ++o) {
        if (every[o] == 0 || (o == 3 && policy == both_bad_policy::drop)) continue;
        const auto in = static_cast<double>(some[o]);
        const double rest = static_cast<double>(every[o]) - in;
        inside += in;
        outside += rest;
        const double r_all = whole.residual(a, b, value.at(o));
        const double r_part = piece.residual(a, b, value.at(o));
        out.robust.array() += in * (r_part * on_part - r_all * on_all).array().square() +
                              rest * (r_all * on_all).array().square();
      }
      if (inside + outside == 0) continue;
      // If one set of strengths held for all: the covariance of both boards.
      const double h_in = whole.information(a, b, inside);
      const double h_out = whole.information(a, b, outside);
      out.model.array() +=
          h_in * (on_part - on_all).array().square() + h_out * on_all.array().square();
    }
  return out;
}

}  // namespace

board_difference compare_to_all(const tally& all, const tally& part,
                                const difference_settings& settings) {
  if (!(settings.small_sample_error >= 0 && settings.small_sample_error <= 1e6))
    throw std::invalid_argument("small_sample_error must be 0 to 1e6");
  const tally piece = in_order_of(all, part);
  const bradley_terry_fit whole_fit = fitted_board(all, settings);
  const bradley_terry_fit piece_fit = fitted_board(piece, settings);
  board_difference out;
  std::vector<system_index> shared;
  for (system_index i = 0; i < whole_fit.ratings.size(); ++i) {
    const rating_status here = piece_fit.ratings[i].status;
    const rating_status there = whole_fit.ratings[i].status;
    out.systems.push_back({here != rating_status::rated ? here : there});
    if (out.systems.back().status == rating_status::rated) shared.push_back(i);
  }
  // The two largest comparable sets may share but one system, and then nothing to compare.
  if (shared.size() < 2) {
    for (const system_index i : shared) out.systems[i].status = rating_status::disconnected;
    return out;
  }
  const shared_view whole(whole_fit, shared);
  const shared_view view(piece_fit, shared);
  const difference_variances v = variances_of(all, piece, whole, view, settings.both_bad);
  const double width = normal_quantile_two_sided(settings.confidence);
  out.rated = shared.size();
  for (std::size_t k = 0; k < shared.size(); ++k) {
    score_difference& d = out.systems[shared[k]];
    const auto i = static_cast<index>(k);
    const double robust = points_per_unit * std::sqrt(v.robust[i]);
    const double model = points_per_unit * std::sqrt(v.model[i]);
    d.part = 1000 + points_per_unit * view.theta[shared[k]];
    d.all = 1000 + points_per_unit * whole.theta[shared[k]];
    d.difference = d.part - d.all;
    d.standard_error = model > settings.small_sample_error ? std::max(robust, model) : robust;
    d.lower = d.difference - width * d.standard_error;
    d.upper = d.difference + width * d.standard_error;
    out.distinct += d.lower > 0 || d.upper < 0 ? 1 : 0;
  }
  return out;
}

}  // namespace agon::ratings::participants
