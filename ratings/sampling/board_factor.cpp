#include "ratings/sampling/board_factor.hpp"

#include <Eigen/Core>
#include <cmath>
#include <stdexcept>

#include "ratings/cholesky.hpp"

namespace agon::ratings::sampling {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using index = Eigen::Index;

constexpr int most_factor_steps = 100;
constexpr double last_factor_step = 1e-9;

struct pair_count {
  index a = 0;
  index b = 0;
  double won = 0;  // by a, ties half
  double votes = 0;
};

std::vector<pair_count> pairs_of(const tally& votes, both_bad_policy policy, board_factor& out) {
  std::vector<pair_count> pairs;
  const auto systems = static_cast<system_index>(out.systems);
  for (system_index b = 1; b < systems; ++b)
    for (system_index a = 0; a < b; ++a) {
      const auto& c = votes.pair(a, b);
      const std::uint64_t ties = c[2] + (policy == both_bad_policy::tie ? c[3] : 0);
      const std::uint64_t all = c[0] + c[1] + ties;
      out.pair_votes[a * out.systems + b] = out.pair_votes[b * out.systems + a] = all;
      if (all > 0)
        pairs.push_back({a, b, static_cast<double>(c[0]) + static_cast<double>(ties) / 2,
                         static_cast<double>(all)});
    }
  return pairs;
}

}  // namespace

board_factor factor_of(const tally& votes, const factor_settings& settings) {
  if (settings.both_bad != both_bad_policy::drop && settings.both_bad != both_bad_policy::tie)
    throw std::invalid_argument("both_bad can be dropped or counted as a tie");
  if (!(settings.prior_sd >= 0.01 && settings.prior_sd <= 100))
    throw std::invalid_argument("prior_sd: 0.01 to 100");
  board_factor out;
  out.systems = votes.systems().size();
  out.pair_votes.assign(out.systems * out.systems, 0);
  if (out.systems == 0) return out;
  const auto pairs = pairs_of(votes, settings.both_bad, out);
  const auto m = static_cast<index>(out.systems);
  const double precision = 1 / (settings.prior_sd * settings.prior_sd);
  VectorXd theta = VectorXd::Zero(m);
  cholesky factor;
  double moved = 1;
  for (int n = 0; n < most_factor_steps && moved > last_factor_step; ++n) {
    VectorXd gradient = -precision * theta;
    MatrixXd information = MatrixXd::Zero(m, m);
    information.diagonal().setConstant(precision);
    for (const pair_count& c : pairs) {
      const double p = 1 / (1 + std::exp(theta[c.b] - theta[c.a]));
      const double slope = c.won - c.votes * p;
      const double h = c.votes * p * (1 - p);
      gradient[c.a] += slope;
      gradient[c.b] -= slope;
      information(c.a, c.a) += h;
      information(c.b, c.b) += h;
      information(c.b, c.a) -= h;  // lower triangle: a < b
    }
    factor.compute(information);
    const VectorXd step = factor.solve(gradient);
    moved = step.maxCoeff() - step.minCoeff();
    theta += moved > last_factor_step ? VectorXd(step * (std::log1p(moved) / moved)) : step;
  }
  const MatrixXd covariance = factor.inverse();
  out.theta.assign(theta.begin(), theta.end());
  out.covariance.assign(covariance.data(), covariance.data() + covariance.size());
  return out;
}

}  // namespace agon::ratings::sampling
