#include "ratings/resampled_fit.hpp"

#include <cmath>

#include "ratings/pairwise_cells.hpp"
#include "ratings/pairwise_solver.hpp"

namespace agon::ratings {
namespace {

using row_major = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr int most_chord_steps = 60;
constexpr double chord_end = 1e-8;

Eigen::Map<const row_major> matrix(const std::vector<double>& values, Eigen::Index columns) {
  const auto size = static_cast<Eigen::Index>(values.size());
  return {values.data(), columns > 0 ? size / columns : 0, columns};
}

}  // namespace

resampled_fit::resampled_fit(const pairwise_fit& fit, const pairwise_settings& settings)
    : fit_(fit),
      model_(model_of(fit, settings)),
      systems_(static_cast<Eigen::Index>(fit.theta.size())),
      size_(static_cast<Eigen::Index>(fit.width)),
      full_{Eigen::Map<const Eigen::VectorXd>(fit.theta.data(), systems_),
            fit.ground_level.value_or(0), fit.tie_parameter.value_or(phi_without_ties(model_))} {
  for (std::uint32_t c = 0; c < fit.cells.size(); ++c) {
    const pair_cell& cell = fit.cells[c];
    const double tb = cell.b == the_ground ? 0 : full_.theta[cell.b] + full_.level;
    const pair_terms t =
        terms_of(model_of(model_, cell), full_.theta[cell.a] + full_.level, tb, full_.phi);
    for (std::uint32_t k = 0; k < outcome_count; ++k)
      if (cell.weight[k] > 0) entries_.push_back({c, k, cell.weight[k], t.gradient[k]});
  }
}

void resampled_fit::step(std::span<const double> weights, std::span<double> theta) const {
  Eigen::VectorXd g = Eigen::VectorXd::Zero(size_);
  double phi = 0;
  for (std::size_t e = 0; e < entries_.size(); ++e) {
    const pair_cell& c = fit_.cells[entries_[e].cell];
    g[c.a] += weights[e] * entries_[e].gradient[0];
    if (c.b != the_ground) g[c.b] += weights[e] * entries_[e].gradient[1];
    phi += weights[e] * entries_[e].gradient[2];
  }
  if (size_ > systems_) g[systems_] = phi;
  Eigen::Map<Eigen::VectorXd>(theta.data(), systems_) =
      full_.theta + matrix(fit_.response, size_) * g;
}

Eigen::VectorXd resampled_fit::gradient_at(std::span<const double> weights, const point& p) const {
  Eigen::VectorXd g = Eigen::VectorXd::Zero(size_);
  pair_terms t;
  std::uint32_t last = ~std::uint32_t{0};
  for (std::size_t e = 0; e < entries_.size(); ++e) {
    const pair_cell& c = fit_.cells[entries_[e].cell];
    if (entries_[e].cell != last) {
      last = entries_[e].cell;
      const double tb = c.b == the_ground ? 0 : p.theta[c.b] + p.level;
      t = terms_of(model_of(model_, c), p.theta[c.a] + p.level, tb, p.phi);
    }
    const auto& slope = t.gradient[entries_[e].slot];
    g[c.a] += weights[e] * slope[0];
    if (c.b != the_ground) g[c.b] += weights[e] * slope[1];
    if (size_ > systems_) g[systems_] += weights[e] * slope[2];
  }
  return g;
}

bool resampled_fit::converge(std::span<const double> weights, std::span<double> theta) const {
  step(weights, theta);
  point p = full_;
  for (int i = 0; i < most_chord_steps; ++i) {
    const Eigen::VectorXd g = gradient_at(weights, p);
    const Eigen::VectorXd move = matrix(fit_.response, size_) * g;
    const Eigen::VectorXd others = matrix(fit_.other_response, size_) * g;
    if (!move.allFinite() || !others.allFinite()) return false;
    p.theta += move;
    Eigen::Index next = 0;
    if (fit_.tie_parameter) {
      const double before = p.phi;
      p.phi += others[next++];
      if (model_ == pair_model::rao_kupper && p.phi <= before / 8) p.phi = before / 8;
    }
    if (fit_.ground_level) p.level += others[next];
    if (move.cwiseAbs().maxCoeff() < chord_end) {
      Eigen::Map<Eigen::VectorXd>(theta.data(), systems_) = p.theta;
      return true;
    }
  }
  return false;
}

}  // namespace agon::ratings
