#include "ratings/participants/latent_groups.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "ratings/cholesky.hpp"
#include "ratings/random.hpp"

namespace agon::ratings::participants {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using index = Eigen::Index;

constexpr int most_groups_allowed = 64;
constexpr int newton_steps_per_iteration = 2;
constexpr double least_share = 1e-12;

double log_of_logistic(double z) {
  return z >= 0 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));
}
double logistic_of(double z) {
  return z >= 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
}

void require_valid_groups(const group_settings& s, int groups) {
  if (groups < 1 || groups > most_groups_allowed)
    throw std::invalid_argument("groups must be 1 to 64");
  if (s.starts < 1 || s.starts > 10'000) throw std::invalid_argument("starts: 1 to 10,000");
  if (s.most_iterations < 1) throw std::invalid_argument("most_iterations must be positive");
  if (!(s.tolerance >= 0 && s.tolerance <= 1)) throw std::invalid_argument("tolerance: 0 to 1");
  if (!(s.prior_sd >= 1e-3 && s.prior_sd <= 1e3))
    throw std::invalid_argument("prior_sd: 0.001 to 1000");
}

// What participants said, each as counts per pair.
struct taste_data {
  std::size_t systems = 0;
  std::vector<std::vector<comparison>> by_participant;
  double votes = 0;
  std::size_t active = 0;  // participants with votes
};

class mixture {
 public:
  mixture(const taste_data& data, int groups, double prior_sd, seeded_random random)
      : data_(data),
        precision_(1 / (prior_sd * prior_sd)),
        theta_(static_cast<std::size_t>(groups), VectorXd::Zero(static_cast<index>(data.systems))),
        share_(static_cast<std::size_t>(groups), 1.0 / groups),
        membership_(data.by_participant.size() * static_cast<std::size_t>(groups)) {
    for (std::size_t p = 0; p < data.by_participant.size(); ++p) {
      double sum = 0;
      for (std::size_t k = 0; k < k_count(); ++k)
        sum += at(p, k) = -std::log(1 - random.unit()) + 1e-3;
      for (std::size_t k = 0; k < k_count(); ++k) at(p, k) /= sum;
    }
  }

  double step() {
    maximise();
    return expect();
  }

  void finish(group_fit& out) {
    out.log_likelihood = log_likelihood_;
    std::vector<std::size_t> order(k_count());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t i, std::size_t j) { return share_[i] > share_[j]; });
    for (const std::size_t k : order) out.groups.push_back(group(k));
    out.membership.resize(membership_.size());
    for (std::size_t p = 0; p < data_.by_participant.size(); ++p)
      for (std::size_t i = 0; i < order.size(); ++i)
        out.membership[p * order.size() + i] =
            data_.by_participant[p].empty() ? 0 : at(p, order[i]);
  }

 private:
  [[nodiscard]] std::size_t k_count() const { return theta_.size(); }
  double& at(std::size_t p, std::size_t k) { return membership_[p * k_count() + k]; }

  static double log_likelihood_of(const std::vector<comparison>& votes, const VectorXd& theta) {
    double out = 0;
    for (const comparison& c : votes) {
      const double z = theta[c.a] - theta[c.b];
      out += (c.wins + c.ties / 2) * log_of_logistic(z) +
             (c.losses + c.ties / 2) * log_of_logistic(-z);
    }
    return out;
  }

  // Memberships at the current boards; returns the objective.
  double expect() {
    log_likelihood_ = 0;
    for (std::size_t p = 0; p < data_.by_participant.size(); ++p) {
      if (data_.by_participant[p].empty()) continue;
      double top = -std::numeric_limits<double>::infinity();
      for (std::size_t k = 0; k < k_count(); ++k) {
        at(p, k) = std::log(std::max(share_[k], least_share)) +
                   log_likelihood_of(data_.by_participant[p], theta_[k]);
        top = std::max(top, at(p, k));
      }
      double sum = 0;
      for (std::size_t k = 0; k < k_count(); ++k) sum += at(p, k) = std::exp(at(p, k) - top);
      for (std::size_t k = 0; k < k_count(); ++k) at(p, k) /= sum;
      log_likelihood_ += top + std::log(sum);
    }
    double prior = 0;
    for (const VectorXd& t : theta_) prior -= precision_ * t.squaredNorm() / 2;
    return log_likelihood_ + prior;
  }

  void maximise() {
    for (std::size_t k = 0; k < k_count(); ++k) {
      double sum = 0;
      for (std::size_t p = 0; p < data_.by_participant.size(); ++p)
        if (!data_.by_participant[p].empty()) sum += at(p, k);
      share_[k] = sum / static_cast<double>(data_.active);
      for (int n = 0; n < newton_steps_per_iteration; ++n) move(k);
    }
  }

  // Gradient and information of one group's expected log likelihood and prior.
  MatrixXd information_of(std::size_t k, VectorXd& gradient) {
    const auto m = static_cast<index>(data_.systems);
    const VectorXd& theta = theta_[k];
    gradient = -precision_ * theta;
    MatrixXd information = MatrixXd::Zero(m, m);
    information.diagonal().setConstant(precision_);
    for (std::size_t p = 0; p < data_.by_participant.size(); ++p) {
      const double weight = at(p, k);
      if (weight <= 0) continue;
      for (const comparison& c : data_.by_participant[p]) {
        const double up = logistic_of(theta[c.a] - theta[c.b]);
        const double n = c.wins + c.losses + c.ties;
        const double slope = weight * (c.wins + c.ties / 2 - n * up);
        const double h = weight * n * up * (1 - up);
        gradient[c.a] += slope;
        gradient[c.b] -= slope;
        information(c.a, c.a) += h;
        information(c.b, c.b) += h;
        information(c.a, c.b) -= h;
        information(c.b, c.a) -= h;
      }
    }
    return information;
  }

  // A Newton step, shortened so that it cannot overshoot (Sun & Tran-Dinh 2019).
  void move(std::size_t k) {
    VectorXd gradient;
    const MatrixXd information = information_of(k, gradient);
    const VectorXd step = cholesky(information).solve(gradient);
    if (!step.allFinite()) return;
    const double moved = step.maxCoeff() - step.minCoeff();
    theta_[k] += moved > 1e-12 ? VectorXd(step * (std::log1p(moved) / moved)) : step;
  }

  latent_group group(std::size_t k) {
    VectorXd gradient;
    const MatrixXd information = information_of(k, gradient);
    const index m = information.rows();
    const MatrixXd covariance = cholesky(information).inverse();
    const VectorXd rows = covariance.rowwise().mean();
    latent_group out;
    out.share = share_[k];
    const double mean = theta_[k].mean();
    for (index i = 0; i < m; ++i) {
      out.theta.push_back(theta_[k][i] - mean);
      out.standard_error.push_back(
          std::sqrt(std::max(0.0, covariance(i, i) - 2 * rows[i] + covariance.mean())));
    }
    return out;
  }

  const taste_data& data_;
  double precision_;
  std::vector<VectorXd> theta_;
  std::vector<double> share_;
  std::vector<double> membership_;
  double log_likelihood_ = 0;
};

taste_data tastes(const grouped_votes& votes, std::size_t systems) {
  taste_data out;
  out.systems = systems;
  out.votes = static_cast<double>(votes.votes.size());
  for (std::size_t p = 0; p < votes.participants(); ++p) {
    out.by_participant.push_back(pair_counts(votes.of(p)));
    out.active += votes.of(p).empty() ? 0 : 1;
  }
  return out;
}

// Fills all but the systems' statuses with the best of the starts.
void run_starts(const taste_data& data, int groups, const group_settings& settings,
                group_fit& out) {
  std::optional<mixture> best;
  const int starts = groups == 1 ? 1 : settings.starts;
  for (int s = 0; s < starts; ++s) {
    mixture model(data, groups, settings.prior_sd,
                  seeded_random(settings.seed, static_cast<std::uint64_t>(s)));
    double objective = -std::numeric_limits<double>::infinity();
    int iterations = 0;
    bool converged = false;
    while (iterations < settings.most_iterations && !converged) {
      const double next = model.step();
      ++iterations;
      converged = next - objective <= settings.tolerance * data.votes;
      objective = next;
    }
    if (best && objective <= out.objective) continue;
    best.emplace(std::move(model));
    out.objective = objective;
    out.iterations = iterations;
    out.converged = converged;
  }
  best->finish(out);
  const double parameters = groups * (static_cast<double>(data.systems) - 1) + groups - 1;
  out.bic = -2 * out.log_likelihood + parameters * std::log(static_cast<double>(data.active));
}

}  // namespace

group_fit fit_latent_groups(const roster& systems, std::span<const judged_vote> votes, int groups,
                            const group_settings& settings) {
  require_valid_groups(settings, groups);
  grouped_votes counted = group_votes(systems.size(), votes, settings.both_bad);
  const connectivity comparable = find_comparable(systems.size(), pair_counts(counted.votes));
  group_fit out;
  out.status = comparable.status;
  out.rated = comparable.rated;
  if (comparable.rated.empty()) return out;
  restrict_to(counted, comparable);
  run_starts(tastes(counted, comparable.rated.size()), groups, settings, out);
  return out;
}

group_choice choose_latent_groups(const roster& systems, std::span<const judged_vote> votes,
                                  int most_groups, const group_settings& settings) {
  require_valid_groups(settings, most_groups);
  group_choice out;
  for (int k = 1; k <= most_groups; ++k) {
    out.fits.push_back(fit_latent_groups(systems, votes, k, settings));
    if (out.fits.back().bic < out.fits[out.best].bic) out.best = out.fits.size() - 1;
  }
  return out;
}

}  // namespace agon::ratings::participants
