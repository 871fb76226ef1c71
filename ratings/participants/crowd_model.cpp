#include "ratings/participants/crowd_model.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "ratings/cholesky.hpp"
#include "ratings/intervals.hpp"
#include "ratings/participants/vote_mixture.hpp"
#include "ratings/score_scale.hpp"

namespace agon::ratings::participants {
namespace {

using Eigen::Matrix3d;
using Eigen::MatrixXd;
using Eigen::Vector3d;
using Eigen::VectorXd;
using index = Eigen::Index;

constexpr double least_gain = 1e-9;  // per vote, of an iteration
constexpr int crowd_halvings = 30;
// Of one participant: skill, side, tie propensity; and where they lie in vote_terms.
constexpr std::array<index, 3> own{at_skill, at_side, at_tie};

void require_valid(const crowd_settings& s) {
  const auto sd = [](double x) { return x >= 1e-3 && x <= 1e3; };
  if (!(std::fabs(s.skill_mean) <= 10)) throw std::invalid_argument("skill_mean: −10 to 10");
  if (!sd(s.skill_sd) || !sd(s.side_sd) || !sd(s.tie_sd) || !sd(s.strength_sd))
    throw std::invalid_argument("standard deviations of priors: 0.001 to 1000");
  if (s.most_iterations < 1) throw std::invalid_argument("most_iterations must be positive");
  if (!(s.confidence > 0 && s.confidence < 1))
    throw std::invalid_argument("confidence must be between 0 and 1");
  if (!(std::fabs(s.mean) <= 1e6)) throw std::invalid_argument("mean must be within ±1e6");
  if (s.anchor && !(std::fabs(s.anchor->score) <= 1e6))
    throw std::invalid_argument("anchor must be within ±1e6");
}

class crowd {
 public:
  crowd(std::size_t systems, const grouped_votes& votes, const crowd_settings& s)
      : votes_(votes),
        with_ties_(std::any_of(votes.votes.begin(), votes.votes.end(),
                               [](const auto& v) { return v.result == outcome::tie; })),
        shared_(VectorXd::Zero(static_cast<index>(systems) + 1)),
        own_(votes.participants(), Vector3d(s.skill_mean, 0, 0)),
        own_mean_(s.skill_mean, 0, 0),
        own_precision_(1 / (s.skill_sd * s.skill_sd), 1 / (s.side_sd * s.side_sd),
                       1 / (s.tie_sd * s.tie_sd)),
        precision_(1 / (s.strength_sd * s.strength_sd)) {}

  void run(int most_iterations, crowd_fit& fit) {
    fit.objective = objective();
    for (double gain = 1; fit.iterations < most_iterations && gain > 0; ++fit.iterations) {
      move_shared();
      for (std::size_t p = 0; p < own_.size(); ++p) move_own(p);
      const double next = objective();
      gain = next - fit.objective;
      if (gain <= least_gain * static_cast<double>(votes_.votes.size())) gain = 0;
      fit.objective = next;
    }
  }

  // Variances of the centred θ, and everything about the participants. False if the
  // curvature is not that of a maximum.
  bool finish(crowd_fit& fit, VectorXd& variances) {
    const index m = shared_.size() - 1;
    VectorXd gradient = VectorXd::Zero(m + 1);
    MatrixXd information = prior_information();
    for (std::size_t p = 0; p < own_.size(); ++p) {
      Matrix3d own_information = own_precision_.asDiagonal();
      MatrixXd cross = MatrixXd::Zero(m + 1, 3);
      for (const judged_vote& v : votes_.of(p)) {
        const vote_terms t = terms_of_vote(v.result, parameters(v, shared_, own_[p]), with_ties_);
        add_shared(v, t.gradient, t.observed_information, gradient, information);
        for (index i = 0; i < 3; ++i) {
          const auto at = own[static_cast<std::size_t>(i)];
          for (index j = 0; j < 3; ++j)
            own_information(i, j) += t.observed_information(at, own[static_cast<std::size_t>(j)]);
          cross(v.a, i) += t.observed_information(at_z, at);
          cross(v.b, i) -= t.observed_information(at_z, at);
          cross(m, i) += t.observed_information(at_tie, at);
        }
      }
      const Eigen::LLT<Matrix3d> factor(own_information);
      if (factor.info() != Eigen::Success) return false;
      information -= cross * factor.solve(cross.transpose());
      fit.judges.push_back(judge_of(p, factor.solve(Matrix3d::Identity())));
    }
    const cholesky factor(information);
    if (!factor.positive_definite()) return false;
    const MatrixXd covariance = factor.inverse().topLeftCorner(m, m);
    const VectorXd rows = covariance.rowwise().mean();
    variances = covariance.diagonal() - 2 * rows + VectorXd::Constant(m, covariance.mean());
    gradient.head(m) -= precision_ * shared_.head(m);
    fit.gradient_norm = gradient.norm();
    const VectorXd theta = shared_.head(m).array() - shared_.head(m).mean();
    fit.theta.assign(theta.begin(), theta.end());
    if (with_ties_) fit.log_tie_strength = shared_[m];
    return variances.allFinite() && variances.minCoeff() > 0;
  }

 private:
  static vote_parameters parameters(const judged_vote& v, const VectorXd& shared,
                                    const Vector3d& o) {
    return {shared[v.a] - shared[v.b], shared[shared.size() - 1] + o[2], o[0], o[1]};
  }

  [[nodiscard]] double own_objective(std::size_t p, const VectorXd& shared,
                                     const Vector3d& o) const {
    double out = -(o - own_mean_).cwiseAbs2().dot(own_precision_) / 2;
    for (const judged_vote& v : votes_.of(p))
      out += log_probability_of_vote(v.result, parameters(v, shared, o), with_ties_);
    return out;
  }

  [[nodiscard]] double objective_at(const VectorXd& shared) const {
    double out = -precision_ * shared.head(shared.size() - 1).squaredNorm() / 2;
    for (std::size_t p = 0; p < own_.size(); ++p) out += own_objective(p, shared, own_[p]);
    return out;
  }
  [[nodiscard]] double objective() const { return objective_at(shared_); }

  [[nodiscard]] MatrixXd prior_information() const {
    const index width = shared_.size();
    MatrixXd out = MatrixXd::Zero(width, width);
    out.diagonal().head(width - 1).setConstant(precision_);
    // Without ties nothing depends on their strength: it stays where it is.
    if (!with_ties_) out(width - 1, width - 1) = 1;
    return out;
  }

  static void add_shared(const judged_vote& v, const Eigen::Vector4d& g, const Eigen::Matrix4d& i,
                         VectorXd& gradient, MatrixXd& information) {
    const index a = v.a;
    const index b = v.b;
    const index tie = gradient.size() - 1;
    gradient[a] += g[at_z];
    gradient[b] -= g[at_z];
    gradient[tie] += g[at_tie];
    information(a, a) += i(at_z, at_z);
    information(b, b) += i(at_z, at_z);
    information(a, b) -= i(at_z, at_z);
    information(b, a) -= i(at_z, at_z);
    information(tie, tie) += i(at_tie, at_tie);
    information(a, tie) += i(at_z, at_tie);
    information(tie, a) += i(at_z, at_tie);
    information(b, tie) -= i(at_z, at_tie);
    information(tie, b) -= i(at_z, at_tie);
  }

  void move_shared() {
    const index m = shared_.size() - 1;
    VectorXd gradient = VectorXd::Zero(m + 1);
    MatrixXd information = prior_information();
    for (std::size_t p = 0; p < own_.size(); ++p)
      for (const judged_vote& v : votes_.of(p)) {
        const vote_terms t = terms_of_vote(v.result, parameters(v, shared_, own_[p]), with_ties_);
        add_shared(v, t.gradient, t.complete_information, gradient, information);
      }
    if (!with_ties_) gradient[m] = 0;
    gradient.head(m) -= precision_ * shared_.head(m);
    VectorXd step = solve_symmetric(information, gradient);
    if (!step.allFinite()) return;
    const double before = objective();
    for (int halving = 0; halving < crowd_halvings; ++halving, step /= 2) {
      const VectorXd next = shared_ + step;
      if (objective_at(next) > before) {
        shared_ = next;
        return;
      }
    }
  }

  void move_own(std::size_t p) {
    if (votes_.of(p).empty()) return;
    Vector3d gradient = -own_precision_.cwiseProduct(own_[p] - own_mean_);
    Matrix3d information = own_precision_.asDiagonal();
    for (const judged_vote& v : votes_.of(p)) {
      const vote_terms t = terms_of_vote(v.result, parameters(v, shared_, own_[p]), with_ties_);
      for (index i = 0; i < 3; ++i) {
        const auto at = own[static_cast<std::size_t>(i)];
        gradient[i] += t.gradient[at];
        for (index j = 0; j < 3; ++j)
          information(i, j) += t.complete_information(at, own[static_cast<std::size_t>(j)]);
      }
    }
    if (!with_ties_) {
      gradient[2] = 0;
      information.row(2).setZero();
      information.col(2).setZero();
      information(2, 2) = 1;
    }
    Vector3d step = information.ldlt().solve(gradient);
    if (!step.allFinite()) return;
    const double before = own_objective(p, shared_, own_[p]);
    for (int halving = 0; halving < crowd_halvings; ++halving, step /= 2) {
      const Vector3d next = own_[p] + step;
      if (own_objective(p, shared_, next) > before) {
        own_[p] = next;
        return;
      }
    }
  }

  [[nodiscard]] judge judge_of(std::size_t p, const Matrix3d& covariance) const {
    const Vector3d& o = own_[p];
    return {votes_.of(p).size(),
            o[0],
            1 / (1 + std::exp(-o[0])),
            o[1],
            o[2],
            std::sqrt(covariance(0, 0)),
            std::sqrt(covariance(1, 1)),
            std::sqrt(covariance(2, 2))};
  }

  const grouped_votes& votes_;
  bool with_ties_;
  VectorXd shared_;  // θ, then ln ν
  std::vector<Vector3d> own_;
  Vector3d own_mean_, own_precision_;
  double precision_;
};

}  // namespace

crowd_fit fit_crowd(const roster& systems, std::span<const judged_vote> votes,
                    const crowd_settings& settings) {
  require_valid(settings);
  grouped_votes counted = group_votes(systems.size(), votes, settings.both_bad);
  const auto pairs = pair_counts(counted.votes);
  const connectivity comparable = find_comparable(systems.size(), pairs);
  crowd_fit fit;
  fit.ratings.resize(systems.size());
  for (std::size_t i = 0; i < systems.size(); ++i) fit.ratings[i].status = comparable.status[i];
  if (comparable.rated.empty()) return fit;
  restrict_to(counted, comparable);
  crowd model(comparable.rated.size(), counted, settings);
  model.run(settings.most_iterations, fit);
  VectorXd variances;
  if (!model.finish(fit, variances)) {
    fit.problem = "the fit did not reach a maximum: the votes do not tell judgment from habit";
    fit.judges.clear();
    fit.theta.clear();
    for (const system_index i : comparable.rated)
      fit.ratings[i].status = rating_status::not_converged;
    return fit;
  }
  fit.rated = comparable.rated;
  std::vector<theta_error> errors;
  for (const double v : variances) errors.push_back({std::sqrt(v), std::sqrt(v)});
  const double zero =
      zero_of_scores(settings.anchor, settings.mean, systems, fit.rated, fit.theta, fit.anchored);
  set_ratings(fit.ratings, fit.rated, fit.theta, errors,
              {zero, normal_quantile_two_sided(settings.confidence), 0});
  return fit;
}

}  // namespace agon::ratings::participants
