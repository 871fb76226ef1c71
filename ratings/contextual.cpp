#include "ratings/contextual.hpp"

#include <Eigen/Core>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "ratings/bradley_terry_solver.hpp"
#include "ratings/cholesky.hpp"
#include "ratings/connectivity.hpp"
#include "ratings/context_rows.hpp"
#include "ratings/intervals.hpp"
#include "ratings/pair_cell.hpp"
#include "ratings/score_scale.hpp"

namespace agon::ratings {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double context_penalty = 1e-6;
constexpr double accepted_context_error = 1e-4;  // points, as for Bradley–Terry
constexpr int most_context_steps = 60;
constexpr double last_context_step = 1e-8;

void require_context(const contextual_settings& s) {
  // Written so that NaN fails.
  const bool anchor_ok = !s.anchor || std::fabs(s.anchor->score) <= 1e6;
  if (!(s.confidence > 0 && s.confidence < 1) || !(std::fabs(s.mean) <= 1e6) ||
      !(s.small_sample_error >= 0 && s.small_sample_error <= 1e6) || !anchor_ok ||
      s.both_bad == both_bad_policy::model)
    throw std::invalid_argument(
        "contextual: confidence must be in (0, 1), mean and anchor within ±1e6, "
        "small_sample_error in [0, 1e6], both_bad drop or tie");
}

// Symmetric sums in (θ, β) from those of the pairs: Σ v d dᵀ, d = (e_a − e_b, x).
MatrixXd assembled(const context_rows& rows, Eigen::Index systems, const MatrixXd& by_pair,
                   const MatrixXd& by_features) {
  const Eigen::Index features = by_features.rows();
  MatrixXd out = MatrixXd::Zero(systems + features, systems + features);
  for (std::size_t p = 0; p < rows.pairs().size(); ++p) {
    const Eigen::Index a = rows.pairs()[p].a;
    const Eigen::Index b = rows.pairs()[p].b;
    const auto v = by_pair.row(static_cast<Eigen::Index>(p));
    out(a, a) += v[0];
    out(b, b) += v[0];
    out(b, a) -= v[0];
    out.col(a).tail(features) += v.tail(features).transpose();
    out.col(b).tail(features) -= v.tail(features).transpose();
  }
  out.bottomRightCorner(features, features) = by_features;
  return out.selfadjointView<Eigen::Lower>();
}

struct context_solution {
  VectorXd theta;
  VectorXd beta;
  VectorXd model;   // variances of θ (sum 0) and β, by the model
  VectorXd robust;  // and by the sandwich
  fit_certificate certificate;
};

class context_solver {
 public:
  context_solver(const context_rows& rows, VectorXd theta, unsigned threads)
      : rows_(rows),
        threads_(threads),
        systems_(theta.size()),
        features_(static_cast<Eigen::Index>(rows.features())) {
    out_.theta = std::move(theta);
    out_.beta = VectorXd::Zero(features_);
    out_.certificate.score_error = std::numeric_limits<double>::infinity();
  }

  context_solution solve(int sweeps) {
    out_.certificate.sweeps = sweeps;
    double moved = 1;
    int& steps = out_.certificate.newton_steps;
    for (steps = 0; steps < most_context_steps && moved > last_context_step; ++steps) {
      const context_sums sums = rows_.sums_at(out_.theta, out_.beta, false, threads_);
      if (!factor_.compute(filled(sums))) return std::move(out_);
      VectorXd step = factor_.solve(gradient(sums));
      if (!step.allFinite()) return std::move(out_);
      step.head(systems_).array() -= step.head(systems_).mean();
      moved = stretch(step);
      if (moved > last_context_step) step *= std::log1p(moved) / moved;
      out_.theta += step.head(systems_);
      out_.beta += step.tail(features_);
    }
    if (moved <= last_context_step) finish();
    return std::move(out_);
  }

 private:
  [[nodiscard]] VectorXd gradient(const context_sums& sums) const {
    VectorXd g = VectorXd::Zero(systems_ + features_);
    for (std::size_t p = 0; p < rows_.pairs().size(); ++p) {
      const auto r = sums.residual.row(static_cast<Eigen::Index>(p));
      g[rows_.pairs()[p].a] += r[0];
      g[rows_.pairs()[p].b] -= r[0];
      g.tail(features_) += r.tail(features_).transpose();
    }
    g.tail(features_) -= context_penalty * out_.beta;
    return g;
  }

  // H with the penalty in it and its gauge filled in.
  [[nodiscard]] MatrixXd filled(const context_sums& sums) const {
    MatrixXd h = assembled(rows_, systems_, sums.information, sums.information_by_features);
    h.diagonal().tail(features_).array() += context_penalty;
    auto scores = h.topLeftCorner(systems_, systems_);
    const auto m = static_cast<double>(systems_);
    scores.array() += scores.trace() / (m * m);
    return h;
  }

  // The most by which a step can move one vote's exponent.
  [[nodiscard]] double stretch(const VectorXd& step) const {
    double out = 0;
    for (const auto& pair : rows_.pairs())
      out = std::max(out, std::fabs(step[pair.a] - step[pair.b]));
    for (Eigen::Index f = 0; f < features_; ++f)
      out += std::fabs(step[systems_ + f]) * rows_.largest()[static_cast<std::size_t>(f)];
    return out;
  }

  void finish() {
    const context_sums sums = rows_.sums_at(out_.theta, out_.beta, true, threads_);
    MatrixXd response = factor_.inverse();
    const double trace = response.trace();
    const VectorXd g = gradient(sums);
    const double decrement = std::sqrt(std::max(0.0, g.dot(product(response, g)))) +
                             8 * std::numeric_limits<double>::epsilon() *
                                 sums.information.col(0).sum() * std::sqrt(2 * trace);
    response.topRows(systems_).rowwise() -= response.topRows(systems_).colwise().mean().eval();
    const MatrixXd squares = assembled(rows_, systems_, sums.squared, sums.squared_by_features);
    out_.robust = product(response, squares).cwiseProduct(response).rowwise().sum().cwiseMax(0);
    out_.model = response.diagonal();
    out_.model.head(systems_) -= response.topLeftCorner(systems_, systems_).rowwise().mean();
    out_.certificate.gradient_norm = g.norm();
    const double bound = 4 * decrement * std::sqrt(out_.model.head(systems_).maxCoeff());
    if (std::isfinite(bound) && out_.robust.allFinite() && out_.model.head(systems_).minCoeff() > 0)
      out_.certificate.score_error = bound;
  }

  const context_rows& rows_;
  unsigned threads_;
  Eigen::Index systems_;
  Eigen::Index features_;
  cholesky factor_;
  context_solution out_;
};

std::vector<comparison> compared(const vote_log& votes, const contextual_settings& settings,
                                 std::span<const float> weights, unsigned threads) {
  return comparisons_of(weights.empty() ? cells_of(count(votes, threads), settings.both_bad)
                                        : cells_of(count(votes, weights), settings.both_bad));
}

void add_effects(contextual_fit& fit, const vote_log& votes, const context_rows& rows,
                 const context_solution& s, double width) {
  const auto systems = s.theta.size();
  for (Eigen::Index f = 0; f < s.beta.size(); ++f) {
    const auto i = static_cast<std::size_t>(f);
    const bool side = i == votes.features().size();
    context_effect e{
        side ? "side" : votes.features()[i], 0, {}, {}, side ? 0 : rows.deviations()[i]};
    if (side || e.standard_deviation > 0) {
      const double error = std::sqrt(s.robust[systems + f]);
      e.points = points_per_unit * s.beta[f];
      e.lower = points_per_unit * (s.beta[f] - width * error);
      e.upper = points_per_unit * (s.beta[f] + width * error);
    }
    fit.effects.push_back(std::move(e));
  }
}

}  // namespace

contextual_fit fit_contextual(const vote_log& votes, const contextual_settings& settings,
                              std::span<const float> weights, unsigned threads) {
  require_context(settings);
  const auto comparisons = compared(votes, settings, weights, threads);
  connectivity found = find_comparable(votes.systems().size(), comparisons);
  contextual_fit fit;
  fit.ratings.resize(votes.systems().size());
  for (std::size_t i = 0; i < fit.ratings.size(); ++i) fit.ratings[i].status = found.status[i];
  if (found.rated.empty()) return fit;

  std::vector<std::uint32_t> place(votes.systems().size(), ~std::uint32_t{0});
  for (std::uint32_t i = 0; i < found.rated.size(); ++i) place[found.rated[i]] = i;
  std::vector<comparison> inside;
  for (comparison c : comparisons) {
    c.a = place[c.a];
    c.b = place[c.b];
    if (c.a < found.rated.size() && c.b < found.rated.size()) inside.push_back(c);
  }
  int sweeps = 0;
  VectorXd start = newman_scores(found.rated.size(), inside, sweeps);
  const context_rows rows(votes, settings, weights, place, found.rated.size());
  const context_solution s = context_solver(rows, std::move(start), threads).solve(sweeps);
  if (!(s.certificate.score_error * points_per_unit <= accepted_context_error)) {
    for (const system_index i : found.rated) fit.ratings[i].status = rating_status::not_converged;
    return fit;
  }
  fit.certificate = s.certificate;
  fit.certificate.score_error *= points_per_unit;
  fit.rated = std::move(found.rated);
  fit.theta.assign(s.theta.begin(), s.theta.end());
  // As in fit_pairwise: weights say how many votes there are only up to a factor.
  double weight = 0;
  double squared = 0;
  for (const float w : weights) {
    weight += static_cast<double>(w);
    squared += static_cast<double>(w) * static_cast<double>(w);
  }
  const double per_vote = weight > 0 ? squared / weight : 1;
  std::vector<theta_error> errors;
  for (Eigen::Index i = 0; i < s.theta.size(); ++i)
    errors.push_back({std::sqrt(s.robust[i]), std::sqrt(s.model[i] * per_vote)});
  const double zero = zero_of_scores(settings.anchor, settings.mean, votes.systems(), fit.rated,
                                     fit.theta, fit.anchored);
  const double normal = normal_quantile_two_sided(settings.confidence);
  const double width =
      settings.simultaneous ? simultaneous_quantile(settings.confidence, fit.rated.size()) : normal;
  set_ratings(fit.ratings, fit.rated, fit.theta, errors,
              {zero, width, settings.small_sample_error});
  add_effects(fit, votes, rows, s, normal);
  return fit;
}

}  // namespace agon::ratings
