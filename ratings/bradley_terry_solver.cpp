#include "ratings/bradley_terry_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "ratings/cholesky.hpp"

namespace agon::ratings {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using index = Eigen::Index;
using vote_span = std::span<const comparison>;

constexpr double sweep_tolerance = 1e-9;
constexpr double relaxation = 1.25;
constexpr int most_newton_steps = 100;
// A last step this small leaves an error of its square, and H as it was.
constexpr double last_step = 1e-8;

// σ(z) and σ(−z), both to full relative accuracy.
struct probabilities {
  double win;
  double loss;

  explicit probabilities(double z) {
    const double e = std::exp(-std::fabs(z));
    const double large = 1 / (1 + e);
    const double small = e / (1 + e);
    win = z > 0 ? large : small;
    loss = z > 0 ? small : large;
  }
};

using odds = std::vector<probabilities>;  // one for each comparison

odds odds_at(const VectorXd& theta, vote_span votes) {
  odds out;
  out.reserve(votes.size());
  for (const comparison& c : votes) out.emplace_back(theta[c.a] - theta[c.b]);
  return out;
}

// Newman's iteration in π = e^θ, system after system:
//   π_i ← Σ_j w_ij π_j / (π_i + π_j)  /  Σ_j w_ji / (π_i + π_j),
// w_ij the wins of i over j with half the ties, each step lengthened by `relaxation`.
// Linear convergence, fast where the graph is well connected; cheap, so it brings Newton's
// method near before the first O(M³).
class newman {
 public:
  newman(std::size_t systems, vote_span votes) : start_(systems + 1), strength_(systems, 1.0) {
    for (const comparison& c : votes) {
      ++start_[c.a + 1];
      ++start_[c.b + 1];
    }
    std::partial_sum(start_.begin(), start_.end(), start_.begin());
    opponents_.resize(start_.back());
    auto next = start_;
    for (const comparison& c : votes) {
      const double wins = c.wins + c.ties / 2;
      const double losses = c.losses + c.ties / 2;
      opponents_[next[c.a]++] = {c.b, wins, losses};
      opponents_[next[c.b]++] = {c.a, losses, wins};
    }
  }

  // θ after at most `most_sweeps` sweeps, or zeros if the strengths left the range of
  // safe arithmetic. Says how many sweeps it took.
  VectorXd run(int& sweeps, int most_sweeps) {
    const auto count = static_cast<index>(strength_.size());
    double change = 1;
    for (sweeps = 0; sweeps < most_sweeps && change > sweep_tolerance; ++sweeps) change = sweep();
    VectorXd theta(count);
    for (index i = 0; i < count; ++i) {
      const double s = strength_[static_cast<std::size_t>(i)];
      if (!(s > 1e-120 && s < 1e120)) return VectorXd::Zero(count);
      theta[i] = std::log(s);
    }
    return theta.array() - theta.mean();
  }

 private:
  struct opponent {
    std::uint32_t system = 0;
    double wins = 0;
    double losses = 0;
  };

  double sweep() {
    double change = 0;
    for (std::size_t i = 0; i < strength_.size(); ++i) {
      const double own = strength_[i];
      double won = 0;
      double lost = 0;
      for (std::size_t k = start_[i]; k < start_[i + 1]; ++k) {
        const opponent& o = opponents_[k];
        const double other = strength_[o.system];
        const double share = 1 / (own + other);
        won += o.wins * other * share;
        lost += o.losses * share;
      }
      const double ratio = won / (lost * own);
      const bool near = ratio > 0.5 && ratio < 2;
      strength_[i] = own * (near ? 1 + relaxation * (ratio - 1) : ratio);
      change = std::max(change, std::fabs(ratio - 1));
    }
    return change;
  }

  std::vector<std::size_t> start_;
  std::vector<opponent> opponents_;
  std::vector<double> strength_;
};

// A sum that keeps what each addition rounds away (Neumaier 1974). Beside a pair of many
// votes the few that join two islands would otherwise be lost.
class exact_sum {
 public:
  void add(double x) {
    const double next = sum_ + x;
    lost_ += std::fabs(sum_) >= std::fabs(x) ? (sum_ - next) + x : (x - next) + sum_;
    sum_ = next;
  }
  [[nodiscard]] double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

// The two sides of a pair's residual: what a won against the odds, and what b did.
struct residual {
  double up;
  double down;

  residual(const comparison& c, const probabilities& p)
      : up((c.wins + c.ties / 2) * p.loss), down((c.losses + c.ties / 2) * p.win) {}
};

double information(const comparison& c, const probabilities& p) {
  return (c.wins + c.losses + c.ties) * p.win * p.loss;
}

VectorXd gradient(std::size_t systems, const odds& p, vote_span votes) {
  std::vector<exact_sum> sums(systems);
  for (std::size_t k = 0; k < votes.size(); ++k) {
    const residual r(votes[k], p[k]);
    sums[votes[k].a].add(r.up - r.down);
    sums[votes[k].b].add(r.down - r.up);
  }
  VectorXd out(static_cast<index>(systems));
  for (std::size_t i = 0; i < systems; ++i) out[static_cast<index>(i)] = sums[i].value();
  return out;
}

// Bound on the rounding error of the gradient in the norm of H⁻¹, of trace `trace`. The
// residual of a pair is wrong by a few units of rounding; dᵀH⁻¹d is at most
// 1 / (n p (1−p)) by Rayleigh's law, and at most twice the trace.
double rounding_bound(double trace, const odds& p, vote_span votes) {
  double out = 0;
  for (std::size_t k = 0; k < votes.size(); ++k) {
    const residual r(votes[k], p[k]);
    out += (r.up + r.down) * std::sqrt(std::min(1 / information(votes[k], p[k]), 2 * trace));
  }
  return 8 * std::numeric_limits<double>::epsilon() * out;
}

// H with its gauge filled in: H + (tr H / M²)·11ᵀ, lower triangle only.
MatrixXd filled_information(index m, const odds& p, vote_span votes) {
  MatrixXd h = MatrixXd::Zero(m, m);
  for (std::size_t k = 0; k < votes.size(); ++k) {
    const auto [low, high] = std::minmax<index>(votes[k].a, votes[k].b);
    const double weight = information(votes[k], p[k]);
    h(low, low) += weight;
    h(high, high) += weight;
    h(high, low) -= weight;
  }
  h.array() += h.trace() / static_cast<double>(m * m);
  return h;
}

// (LLᵀ)⁻¹. Below its diagonal a block of columns depends on the trailing part of L alone,
// which makes this three times cheaper than solving for the identity.
MatrixXd inverse_of(const MatrixXd& l) {
  constexpr index width = 32;
  const index m = l.rows();
  MatrixXd out(m, m);
  for (index first = 0; first < m; first += width) {
    const index rest = m - first;
    const auto trailing = l.bottomRightCorner(rest, rest);
    MatrixXd columns = MatrixXd::Identity(rest, std::min(width, rest));
    trailing.triangularView<Eigen::Lower>().solveInPlace(columns);
    trailing.transpose().triangularView<Eigen::Upper>().solveInPlace(columns);
    out.block(first, first, rest, columns.cols()) = columns;
  }
  out.triangularView<Eigen::StrictlyUpper>() = out.transpose();
  return out;
}

double largest_difference(const VectorXd& step, vote_span votes) {
  double out = 0;
  for (const comparison& c : votes) out = std::max(out, std::fabs(step[c.a] - step[c.b]));
  return out;
}

// (H⁻¹G H⁻¹)_ii = Σ over pairs of g (H⁻¹_ia − H⁻¹_ib)², g the pair's squared residuals.
// A sum of squares, so that nothing cancels; in strips of rows that stay in the cache.
VectorXd sandwich_variances(const MatrixXd& inverse, const odds& p, vote_span votes) {
  constexpr index width = 8;
  std::vector<double> g(votes.size());
  for (std::size_t k = 0; k < votes.size(); ++k) {
    const double half = (p[k].loss - p[k].win) / 2;
    g[k] = votes[k].wins * p[k].loss * p[k].loss + votes[k].losses * p[k].win * p[k].win +
           votes[k].ties * half * half;
  }
  const index m = inverse.rows();
  VectorXd out(m);
  Eigen::Array<double, width, Eigen::Dynamic> strip(width, m);
  for (index row = 0; row < m; row += width) {
    const index rows = std::min(width, m - row);
    strip.setZero();
    strip.topRows(rows) = inverse.middleRows(row, rows).array();
    Eigen::Array<double, width, 1> sum = Eigen::Array<double, width, 1>::Zero();
    for (std::size_t k = 0; k < votes.size(); ++k)
      sum += g[k] * (strip.col(votes[k].a) - strip.col(votes[k].b)).square();
    out.segment(row, rows) = sum.head(rows).matrix();
  }
  return out;
}

// Bach (2010), proposition 2: where the Newton decrement ν at θ is at most √λ/(2R), the
// maximum lies within 4ν of θ in the norm of H, so |θ_i − exact| ≤ 4ν√(H⁻¹)_ii. Here
// R = ‖d‖ = √2 and the least eigenvalue λ is at least 1 / tr H⁻¹. H was taken one step of
// differences ≤ `moved` earlier, which changes it by a factor within e^±moved.
void certify(solution& s, double moved, const odds& p, vote_span votes) {
  const VectorXd g = gradient(static_cast<std::size_t>(s.theta.size()), p, votes);
  const double change = std::exp(moved);
  const double largest = s.inverse.diagonal().maxCoeff() * change;
  const double trace = s.inverse.trace() * change;
  const double decrement = std::sqrt(std::max(0.0, g.dot(product(s.inverse, g))) * change) +
                           rounding_bound(trace, p, votes);
  s.certificate.gradient_norm = g.norm();
  const double bound = 4 * decrement * std::sqrt(largest);
  if (s.inverse.diagonal().minCoeff() > 0 && std::isfinite(bound) &&
      decrement * 2 * std::sqrt(2 * trace) <= 1)
    s.certificate.score_error = bound;
}

}  // namespace

VectorXd newman_scores(std::size_t systems, std::span<const comparison> votes, int& sweeps,
                       int most_sweeps) {
  return newman(systems, votes).run(sweeps, most_sweeps);
}

solution solve_bradley_terry(std::size_t systems, std::span<const comparison> votes) {
  const auto m = static_cast<index>(systems);
  solution s;
  s.theta = newman_scores(systems, votes, s.certificate.sweeps);
  s.certificate.score_error = std::numeric_limits<double>::infinity();

  cholesky factor;
  double trace = 0;
  double moved = 1;
  int& steps = s.certificate.newton_steps;
  for (steps = 0; steps < most_newton_steps && moved > last_step; ++steps) {
    const odds p = odds_at(s.theta, votes);
    const MatrixXd h = filled_information(m, p, votes);
    // Filling the gauge added tr H / M to the trace.
    trace = h.trace() * static_cast<double>(m) / static_cast<double>(m + 1);
    if (!factor.compute(h)) return s;
    VectorXd step = factor.solve(gradient(systems, p, votes));
    step.array() -= step.mean();
    if (!step.allFinite()) return s;
    moved = largest_difference(step, votes);
    s.theta += moved > last_step ? step * (std::log1p(moved) / moved) : step;
  }
  // Along 1 the filled matrix has the eigenvalue tr H / M.
  s.inverse = inverse_of(factor.factor());
  s.inverse.array() -= 1 / trace;
  if (!s.inverse.allFinite()) return s;
  const odds p = odds_at(s.theta, votes);
  s.variances = sandwich_variances(s.inverse, p, votes);
  certify(s, moved, p, votes);
  return s;
}

}  // namespace agon::ratings
