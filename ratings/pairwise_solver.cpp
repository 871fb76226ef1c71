#include "ratings/pairwise_solver.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ratings/bradley_terry_solver.hpp"
#include "ratings/cholesky.hpp"

namespace agon::ratings {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using place = Eigen::Index;

constexpr int most_steps = 200;
constexpr double smallest_step = 1e-8;
// Below this decrement a full Newton step cannot do harm, and the likelihood's last bits
// cannot tell whether it does good.
constexpr double trusted_decrement = 1e-6;
// η this far down is a world without ties: they would be one in 10^11.
constexpr double lowest_eta = -25;

struct state {
  VectorXd theta;
  double phi = 0;
};

class newton {
 public:
  explicit newton(const pairwise_problem& p)
      : problem_(p),
        systems_(static_cast<place>(p.systems)),
        size_(systems_ + (p.fit_ties ? 1 : 0)),
        at_{VectorXd::Zero(systems_), start_phi()} {
    const auto compared = comparisons_of(p.cells);
    std::vector<comparison> pairs;
    for (const comparison& c : compared)
      if (c.b != the_ground) pairs.push_back(c);
    at_.theta = newman_scores(p.systems, pairs, sweeps_);
  }

  // False where no maximum was found.
  bool run() {
    double moved = 1;
    for (steps_ = 0; steps_ < most_steps && moved > smallest_step; ++steps_) {
      differentiate();
      if (!factor()) return false;
      VectorXd step = llt_.solve(gradient_);
      if (shift_invariant(problem_.model))
        step.head(systems_).array() -= step.head(systems_).mean();
      const double decrement = gradient_.dot(step);
      if (!step.allFinite() || !(decrement >= -1e-9)) return false;
      moved = advance(step, decrement);
      if (problem_.fit_ties && grounded_kind() && at_.phi < lowest_eta) return false;
    }
    return moved <= smallest_step;
  }

  void fill(pairwise_solution& out) {
    const MatrixXd inverse = llt_.inverse();
    out.response = inverse.topRows(systems_);
    out.response.rowwise() -= inverse.topRows(systems_).colwise().mean().eval();
    const bool level = !shift_invariant(problem_.model);
    out.others.resize((problem_.fit_ties ? 1 : 0) + (level ? 1 : 0), size_);
    if (problem_.fit_ties) out.others.row(0) = inverse.row(systems_);
    if (level) out.others.row(out.others.rows() - 1) = inverse.topRows(systems_).colwise().mean();
    out.theta = at_.theta;
    out.phi = at_.phi;
    out.fit_ties = problem_.fit_ties;
    out.model_variances = out.response.leftCols(systems_).diagonal() -
                          out.response.leftCols(systems_).rowwise().mean();
    spread(inverse, out);
    certify(inverse, out);
  }

  [[nodiscard]] int sweeps() const { return sweeps_; }

 private:
  [[nodiscard]] bool grounded_kind() const {
    return problem_.model == pair_model::grounded || problem_.model == pair_model::groundless;
  }

  // φ at which equal systems tie as often as these did.
  [[nodiscard]] double start_phi() const {
    if (!problem_.fit_ties) return phi_without_ties(problem_.model);
    double ties = 0;
    double all = 0;
    for (const pair_cell& c : problem_.cells) {
      ties += c.weight[2];
      all += c.weight[0] + c.weight[1] + c.weight[2];
    }
    const double share = std::clamp(ties / all, 1e-9, 0.999);
    if (problem_.model == pair_model::davidson) return std::log(2 * share / (1 - share));
    const double eta = std::log1p(share) - std::log1p(-share);
    return grounded_kind() ? std::log(std::expm1(eta)) : eta;
  }

  [[nodiscard]] pair_terms terms(const pair_cell& c, const state& s) const {
    const double tb = c.b == the_ground ? 0 : s.theta[c.b];
    return terms_of(model_of(problem_.model, c), s.theta[c.a], tb, s.phi);
  }

  // The gradient elsewhere, to see whether a step went too far. The likelihood itself would
  // not tell: its last bits drown in its size.
  [[nodiscard]] VectorXd slope(const state& s) const {
    VectorXd out = VectorXd::Zero(size_);
    for (const pair_cell& c : problem_.cells) {
      const pair_terms t = terms(c, s);
      std::array<double, 3> g{};
      for (std::size_t k = 0; k < outcome_count; ++k)
        if (c.weight[k] > 0)
          for (std::size_t i = 0; i < 3; ++i) g[i] += c.weight[k] * t.gradient[k][i];
      out[c.a] += g[0];
      if (c.b != the_ground) out[c.b] += g[1];
      if (problem_.fit_ties) out[systems_] += g[2];
    }
    return out;
  }

  // The most by which a step moves the exponents of one comparison.
  [[nodiscard]] double stretch_of(const VectorXd& step) const {
    double out = 0;
    const double phi = problem_.fit_ties ? std::fabs(step[systems_]) : 0;
    for (const pair_cell& c : problem_.cells) {
      const double b = c.b == the_ground ? 0 : step[c.b];
      out = std::max(out, std::fabs(step[c.a] - b) + phi);
      if (!shift_invariant(problem_.model))
        out = std::max({out, std::fabs(step[c.a]), std::fabs(b)});
    }
    return out;
  }

  // Gradient, H (lower triangle) and the likelihood at the present point.
  void differentiate() {
    gradient_ = VectorXd::Zero(size_);
    h_ = MatrixXd::Zero(size_, size_);
    likelihood_ = 0;
    rounding_ = 0;
    for (const pair_cell& c : problem_.cells) {
      const pair_terms t = terms(c, at_);
      std::array<double, 3> g{};
      std::array<double, 6> w{};
      for (std::size_t k = 0; k < outcome_count; ++k) {
        const double n = c.weight[k];
        if (n <= 0) continue;
        likelihood_ += n * t.log_p[k];
        for (std::size_t i = 0; i < 3; ++i) g[i] += n * t.gradient[k][i];
        for (std::size_t i = 0; i < 6; ++i) w[i] += n * t.information[k][i];
        rounding_ += n * (std::fabs(t.gradient[k][0]) + std::fabs(t.gradient[k][2]));
      }
      scatter(c, g, w);
    }
    if (shift_invariant(problem_.model)) {
      const double m = static_cast<double>(systems_);
      gauge_ = h_.topLeftCorner(systems_, systems_).trace() / (m * m);
      h_.topLeftCorner(systems_, systems_).array() += gauge_;
    }
  }

  void scatter(const pair_cell& c, const std::array<double, 3>& g, const std::array<double, 6>& w) {
    gradient_[c.a] += g[0];
    h_(c.a, c.a) += w[0];
    const place last = systems_;
    if (problem_.fit_ties) {
      gradient_[last] += g[2];
      h_(last, c.a) += w[3];
      h_(last, last) += w[5];
    }
    if (c.b == the_ground) return;
    gradient_[c.b] += g[1];
    h_(c.b, c.b) += w[2];
    h_(std::max(c.a, c.b), std::min(c.a, c.b)) += w[1];
    if (problem_.fit_ties) h_(last, c.b) += w[4];
  }

  // Grounded Rao–Kupper is not concave everywhere: far from the maximum its H may need
  // more on its diagonal to point uphill.
  bool factor() {
    llt_.compute(h_);
    double more = 1e-3 * h_.diagonal().cwiseAbs().maxCoeff();
    for (int tries = 0; !llt_.positive_definite() && tries < 30; ++tries, more *= 2) {
      if (!std::isfinite(more) || !grounded_kind()) return false;
      MatrixXd raised = h_;
      raised.diagonal().array() += more;
      llt_.compute(raised);
    }
    return llt_.positive_definite();
  }

  [[nodiscard]] state moved_by(const VectorXd& step, double length) const {
    state s = at_;
    s.theta += length * step.head(systems_);
    if (problem_.fit_ties) s.phi += length * step[systems_];
    return s;
  }

  // Goes along the step, shortened to ln(1+d)/d as for Bradley–Terry, as far as η stays
  // positive and the likelihood does not fall again. Returns how far the parameters moved.
  double advance(const VectorXd& step, double decrement) {
    const double stretch = stretch_of(step);
    double length = stretch > 1e-3 ? std::log1p(stretch) / stretch : 1;
    const bool positive = problem_.fit_ties && problem_.model == pair_model::rao_kupper;
    while (positive && at_.phi + length * step[systems_] <= at_.phi / 8) length /= 2;
    state next = moved_by(step, length);
    while (decrement > trusted_decrement && length > 1e-12 &&
           !(slope(next).dot(step) >= -0.5 * decrement)) {
      length /= 2;
      next = moved_by(step, length);
    }
    at_ = next;
    return length * step.cwiseAbs().maxCoeff();
  }

  // Diagonal of C H⁻¹ G H⁻¹ C, and the same for φ and the level, as sums of squares over
  // the votes: nothing cancels. In strips of rows that stay in the cache.
  void spread(const MatrixXd& inverse, pairwise_solution& out) const {
    constexpr place width = 8;
    const place rows = systems_ + 2;  // θ, then φ, then the level
    out.robust_variances.resize(systems_);
    std::vector<std::array<double, 6>> squares;
    squares.reserve(problem_.cells.size());
    for (const pair_cell& c : problem_.cells) squares.push_back(square_of(c));
    Eigen::Array<double, width, Eigen::Dynamic> strip(width, systems_ + 1);
    for (place row = 0; row < rows; row += width) {
      strip.setZero();
      for (place r = row; r < std::min(rows, row + width); ++r) {
        if (r < systems_)
          strip.row(r - row).head(size_) = out.response.row(r).array();
        else if (r == systems_ && problem_.fit_ties)
          strip.row(r - row).head(size_) = inverse.row(systems_).array();
        else if (r == systems_ + 1 && !shift_invariant(problem_.model))
          strip.row(r - row).head(size_) = inverse.topRows(systems_).colwise().mean().array();
      }
      const Eigen::Array<double, width, 1> e = strip.col(systems_);
      Eigen::Array<double, width, 1> sum = Eigen::Array<double, width, 1>::Zero();
      for (std::size_t k = 0; k < squares.size(); ++k) {
        const pair_cell& c = problem_.cells[k];
        const auto& s = squares[k];
        if (shift_invariant(problem_.model)) {
          const Eigen::Array<double, width, 1> z = strip.col(c.a) - strip.col(c.b);
          sum += z * (s[0] * z + (2 * s[3]) * e) + s[5] * e.square();
          continue;
        }
        const Eigen::Array<double, width, 1> a = strip.col(c.a);
        sum += a * (s[0] * a + (2 * s[3]) * e) + s[5] * e.square();
        if (c.b == the_ground) continue;
        const Eigen::Array<double, width, 1> b = strip.col(c.b);
        sum += b * (s[2] * b + (2 * s[1]) * a + (2 * s[4]) * e);
      }
      for (place r = row; r < std::min(rows, row + width); ++r) {
        const double v = std::max(0.0, sum[r - row]);
        (r < systems_    ? out.robust_variances[r]
         : r == systems_ ? out.phi_variance
                         : out.level_variance) = v;
      }
    }
  }

  // Σ w² g gᵀ of a cell: aa, ab, bb, aφ, bφ, φφ.
  [[nodiscard]] std::array<double, 6> square_of(const pair_cell& c) const {
    const pair_terms t = terms(c, at_);
    std::array<double, 6> out{};
    for (std::size_t k = 0; k < outcome_count; ++k) {
      if (c.squared[k] <= 0) continue;
      const auto [a, b, phi] = t.gradient[k];
      const double n = c.squared[k];
      const double e = problem_.fit_ties ? phi : 0;
      const std::array<double, 6> add{a * a, a * b, b * b, a * e, b * e, e * e};
      for (std::size_t i = 0; i < 6; ++i) out[i] += n * add[i];
    }
    return out;
  }

  // As for Bradley–Terry (see there): four times the Newton decrement, rounding included,
  // in the norm of H⁻¹. That the bound holds is proven for Bradley–Terry and Davidson,
  // whose likelihoods are self-concordant in Bach's sense; for the others it is what
  // Newton's quadratic convergence makes certain in practice.
  void certify(const MatrixXd& inverse, pairwise_solution& out) {
    differentiate();
    out.log_likelihood = likelihood_;
    VectorXd g = gradient_;
    if (shift_invariant(problem_.model)) g.head(systems_).array() -= g.head(systems_).mean();
    const double trace = inverse.trace();
    const double noise =
        8 * std::numeric_limits<double>::epsilon() * rounding_ * std::sqrt(2 * trace);
    const double decrement = std::sqrt(std::max(0.0, g.dot(product(inverse, g)))) + noise;
    out.certificate.gradient_norm = g.norm();
    out.certificate.sweeps = sweeps_;
    out.certificate.newton_steps = steps_;
    const double bound = 4 * decrement * std::sqrt(std::max(0.0, out.model_variances.maxCoeff()));
    const bool sound = out.response.allFinite() && out.theta.allFinite() &&
                       out.robust_variances.allFinite() && std::isfinite(out.phi_variance) &&
                       std::isfinite(out.level_variance) && std::isfinite(likelihood_) &&
                       out.model_variances.minCoeff() > 0;
    if (sound && std::isfinite(bound)) out.certificate.score_error = bound;
  }

  pairwise_problem problem_;
  place systems_;
  place size_;
  state at_;
  VectorXd gradient_;
  MatrixXd h_;
  cholesky llt_;
  double gauge_ = 0;
  double likelihood_ = 0;
  double rounding_ = 0;  // Σ |w g|, what the gradient's rounding error is relative to
  int sweeps_ = 0;
  int steps_ = 0;
};

}  // namespace

pairwise_solution solve_pairwise(const pairwise_problem& problem) {
  pairwise_solution out;
  out.certificate.score_error = std::numeric_limits<double>::infinity();
  newton fit(problem);
  if (fit.run()) {
    fit.fill(out);
    return out;
  }
  if (!problem.fit_ties) return out;
  // Grounded: a tie so rare that its parameter has no place left to go.
  if (problem.model != pair_model::grounded && problem.model != pair_model::groundless) return out;
  pairwise_problem without = problem;
  without.fit_ties = false;
  newton second(without);
  if (second.run()) second.fill(out);
  return out;
}

}  // namespace agon::ratings
