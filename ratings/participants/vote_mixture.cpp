#include "ratings/participants/vote_mixture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace agon::ratings::participants {
namespace {

double log_logistic(double z) {
  return z >= 0 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));
}

// Davidson's model at x: the features are x's (½, −½, 0) and the tie's (0, 0, 1).
struct davidson_terms {
  double log_probability = 0;
  double by_x = 0;
  double by_tie = 0;
  double info_x = 0;
  double info_tie = 0;
  double info_cross = 0;
};

davidson_terms davidson_at(outcome o, double x, double tie, bool with_ties) {
  const std::array<double, 3> weights{x / 2, -x / 2, tie};
  const double top = std::max(std::fabs(x) / 2, with_ties ? tie : 0.0);
  const double a = std::exp(weights[0] - top);
  const double b = std::exp(weights[1] - top);
  const double t = with_ties ? std::exp(tie - top) : 0;
  const double sum = a + b + t;
  const double mean_x = (a - b) / (2 * sum);
  const double mean_tie = t / sum;
  davidson_terms out;
  out.log_probability = weights.at(static_cast<std::size_t>(o)) - top - std::log(sum);
  out.by_x = (o == outcome::a ? 0.5 : o == outcome::b ? -0.5 : 0.0) - mean_x;
  out.by_tie = (o == outcome::tie ? 1.0 : 0.0) - mean_tie;
  out.info_x = (a + b) / (4 * sum) - mean_x * mean_x;
  out.info_tie = mean_tie * (1 - mean_tie);
  out.info_cross = -mean_x * mean_tie;
  return out;
}

double log_sum(double x, double y) {
  const double top = std::max(x, y);
  return top + std::log(std::exp(x - top) + std::exp(y - top));
}

}  // namespace

double log_probability_of_vote(outcome o, const vote_parameters& at, bool with_ties) {
  return log_sum(
      log_logistic(at.skill) + davidson_at(o, at.z, at.tie, with_ties).log_probability,
      log_logistic(-at.skill) + davidson_at(o, at.side, at.tie, with_ties).log_probability);
}

vote_terms terms_of_vote(outcome o, const vote_parameters& at, bool with_ties) {
  const davidson_terms judged = davidson_at(o, at.z, at.tie, with_ties);
  const davidson_terms habit = davidson_at(o, at.side, at.tie, with_ties);
  const double log_judged = log_logistic(at.skill) + judged.log_probability;
  const double log_habit = log_logistic(-at.skill) + habit.log_probability;
  vote_terms out;
  out.log_probability = log_sum(log_judged, log_habit);
  const double r = std::exp(log_judged - out.log_probability);
  const double rest = std::exp(log_habit - out.log_probability);
  const double s = std::exp(log_logistic(at.skill));

  Eigen::Vector4d g1 = Eigen::Vector4d::Zero();
  Eigen::Vector4d g2 = Eigen::Vector4d::Zero();
  g1[at_z] = judged.by_x;
  g1[at_tie] = judged.by_tie;
  g1[at_skill] = 1 - s;
  g2[at_side] = habit.by_x;
  g2[at_tie] = habit.by_tie;
  g2[at_skill] = -s;
  out.gradient = r * g1 + rest * g2;

  out.complete_information.setZero();
  auto& i = out.complete_information;
  i(at_z, at_z) = r * judged.info_x;
  i(at_side, at_side) = rest * habit.info_x;
  i(at_tie, at_tie) = r * judged.info_tie + rest * habit.info_tie;
  i(at_z, at_tie) = i(at_tie, at_z) = r * judged.info_cross;
  i(at_side, at_tie) = i(at_tie, at_side) = rest * habit.info_cross;
  i(at_skill, at_skill) = s * (1 - s);
  out.observed_information = i - r * rest * (g1 - g2) * (g1 - g2).transpose();
  return out;
}

}  // namespace agon::ratings::participants
