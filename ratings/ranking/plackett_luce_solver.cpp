#include "ratings/ranking/plackett_luce_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "ratings/cholesky.hpp"
#include "ratings/ranking/choice_stage.hpp"

namespace agon::ratings::ranking {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using index = Eigen::Index;

constexpr int most_steps = 200;
constexpr double last_step = 1e-9;

double logistic(double z) {
  return z >= 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
}

// Log likelihood (and prior) with its derivatives; parameters are θ, then ln δ.
class objective {
 public:
  objective(const choice_data& data, const VectorXd& at) : data_(data), at_(at) {
    const index width = at.size();
    gradient = VectorXd::Zero(width);
    information = MatrixXd::Zero(width, width);
    for (const choice_sequence& s : data.sequences) {
      add(s);
      votes += s.count * static_cast<double>(s.choices.size());
    }
    for (index i = 0; data.pseudo > 0 && i < systems(); ++i) {
      const double p = logistic(at[i]);
      gradient[i] += data.pseudo * (1 - 2 * p);
      information(i, i) += 2 * data.pseudo * p * (1 - p);
    }
  }

  double log_likelihood = 0;
  double votes = 0;
  VectorXd gradient;
  MatrixXd information;

  // The gradient of one sequence, once.
  [[nodiscard]] VectorXd score(const choice_sequence& s) const {
    VectorXd out = VectorXd::Zero(at_.size());
    for (const choice& c : s.choices) {
      const choice_moments m = moments(c);
      add_features(c, m, 1, out);
    }
    return out;
  }

 private:
  [[nodiscard]] index systems() const { return static_cast<index>(data_.systems); }

  // Where the t-th feature of a choice lies among the parameters.
  [[nodiscard]] index place(const choice& c, index t) const {
    const auto n = static_cast<index>(c.alternatives.size());
    return t < n ? static_cast<index>(c.alternatives[static_cast<std::size_t>(t)])
                 : systems() + t - n;
  }

  [[nodiscard]] choice_moments moments(const choice& c) const {
    std::vector<double> theta;
    for (const std::uint32_t a : c.alternatives) theta.push_back(at_[static_cast<index>(a)]);
    const auto ties = static_cast<std::size_t>(at_.size() - systems());
    return moments_of_choice(theta, data_.tie_sizes, {at_.data() + systems(), ties});
  }

  void add(const choice_sequence& s) {
    for (const choice& c : s.choices) {
      const choice_moments m = moments(c);
      log_likelihood += s.count * (log_weight(c) - m.log_sum);
      add_features(c, m, s.count, gradient);
      for (index t = 0; t < m.mean.size(); ++t)
        for (index u = 0; u < m.mean.size(); ++u)
          information(place(c, t), place(c, u)) += s.count * m.covariance(t, u);
    }
  }

  [[nodiscard]] index tie_place(const choice& c) const {
    const auto& sizes = data_.tie_sizes;
    return systems() + (std::lower_bound(sizes.begin(), sizes.end(), c.chosen) - sizes.begin());
  }

  [[nodiscard]] double log_weight(const choice& c) const {
    double sum = 0;
    for (std::uint32_t k = 0; k < c.chosen; ++k) sum += at_[static_cast<index>(c.alternatives[k])];
    return sum / c.chosen + (c.chosen > 1 ? at_[tie_place(c)] : 0);
  }

  void add_features(const choice& c, const choice_moments& m, double count, VectorXd& out) const {
    for (std::uint32_t k = 0; k < c.chosen; ++k)
      out[static_cast<index>(c.alternatives[k])] += count / c.chosen;
    if (c.chosen > 1) out[tie_place(c)] += count;
    for (index t = 0; t < m.mean.size(); ++t) out[place(c, t)] -= count * m.mean[t];
  }

  const choice_data& data_;
  const VectorXd& at_;
};

double spread(std::span<const double> values,
              double with = std::numeric_limits<double>::quiet_NaN()) {
  double low = std::isnan(with) ? values[0] : with;
  double high = low;
  for (const double v : values) {
    low = std::min(low, v);
    high = std::max(high, v);
  }
  return high - low;
}

// The largest change by which a step can move the log odds of two possible choices.
double largest_change(const choice_data& data, const VectorXd& step) {
  double out = 0;
  const auto m = static_cast<index>(data.systems);
  std::vector<double> values;
  for (const choice_sequence& s : data.sequences) {
    if (s.choices.empty()) continue;
    // Later choices are made among some of the first.
    values.clear();
    for (const std::uint32_t a : s.choices.front().alternatives)
      values.push_back(step[static_cast<index>(a)]);
    out = std::max(out, spread(values));
  }
  if (data.pseudo > 0) out = std::max(out, step.head(m).cwiseAbs().maxCoeff());
  const auto ties = static_cast<std::size_t>(step.size() - m);
  return ties > 0 ? out + spread({step.data() + m, ties}, 0) : out;
}

// The θ are free up to a shift unless the imagined system holds them: the information is
// filled along (1, …, 1, 0, …).
double fill_gauge(const choice_data& data, MatrixXd& information) {
  if (data.pseudo > 0) return 0;
  const auto m = static_cast<index>(data.systems);
  const double fill = information.topLeftCorner(m, m).trace() /
                      (static_cast<double>(data.systems) * static_cast<double>(data.systems));
  information.topLeftCorner(m, m).array() += fill;
  return fill;
}

// Covariance of parameters whose θ are shifted to sum zero.
MatrixXd centred(MatrixXd covariance, index m) {
  const Eigen::RowVectorXd rows = covariance.topRows(m).colwise().mean();
  covariance.topRows(m).rowwise() -= rows;
  const VectorXd columns = covariance.leftCols(m).rowwise().mean();
  covariance.leftCols(m).colwise() -= columns;
  return covariance;
}

// As for Bradley–Terry (Bach 2010, proposition 2). Features of two choices are at most √2
// apart, 2 where sizes differ.
void certify(const choice_data& data, const objective& at, choice_solution& s) {
  const double radius = data.tie_sizes.empty() ? std::numbers::sqrt2 : 2;
  const double trace = s.inverse.trace();
  const double rounding = 16 * std::numeric_limits<double>::epsilon() * at.votes * std::sqrt(trace);
  const double decrement =
      std::sqrt(std::max(0.0, at.gradient.dot(product(s.inverse, at.gradient)))) + rounding;
  s.certificate.gradient_norm = at.gradient.norm();
  const double bound = 4 * decrement * std::sqrt(s.inverse.diagonal().maxCoeff());
  if (s.inverse.diagonal().minCoeff() > 0 && std::isfinite(bound) &&
      decrement * radius * std::sqrt(trace) <= 0.5)
    s.certificate.score_error = bound;
}

void set_variances(const choice_data& data, const objective& at, choice_solution& s) {
  s.variances = VectorXd::Zero(s.inverse.rows());
  for (const choice_sequence& r : data.sequences)
    s.variances.array() += r.count * product(s.inverse, at.score(r)).array().square();
}

}  // namespace

choice_solution solve_plackett_luce(const choice_data& data) {
  const auto m = static_cast<index>(data.systems);
  const index width = m + static_cast<index>(data.tie_sizes.size());
  choice_solution s;
  s.certificate.score_error = std::numeric_limits<double>::infinity();
  VectorXd at = VectorXd::Zero(width);
  cholesky factor;
  double fill = 0;
  double moved = 1;
  int& steps = s.certificate.newton_steps;
  for (; steps < most_steps && moved > last_step; ++steps) {
    objective here(data, at);
    fill_gauge(data, here.information);
    if (!factor.compute(here.information)) return s;
    const VectorXd step = factor.solve(here.gradient);
    if (!step.allFinite()) return s;
    moved = largest_change(data, step);
    at += moved > last_step ? VectorXd(step * (std::log1p(moved) / moved)) : step;
  }
  objective last(data, at);
  fill = fill_gauge(data, last.information);
  if (!factor.compute(last.information) || moved > last_step) return s;
  s.inverse = factor.inverse();
  if (fill > 0) {
    // Along the gauge the filled matrix has the eigenvalue fill · systems.
    const double along = 1 / (fill * static_cast<double>(m) * static_cast<double>(m));
    s.inverse.topLeftCorner(m, m).array() -= along;
  } else {
    s.inverse = centred(std::move(s.inverse), m);
  }
  if (!s.inverse.allFinite()) return s;
  s.theta = at.head(m).array() - at.head(m).mean();
  s.log_delta = at.tail(width - m);
  s.log_likelihood = last.log_likelihood;
  set_variances(data, last, s);
  certify(data, last, s);
  return s;
}

}  // namespace agon::ratings::ranking
