#include "ratings/annotators/glad.hpp"

#include <algorithm>
#include <cmath>

namespace agon::ratings::annotators {
namespace {

constexpr double prior_mean = 1;
constexpr int ability_steps = 3;  // per iteration; each is a pass over the answers
constexpr int most_halvings = 20;

double logistic(double z) {
  return z >= 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
}
double log_logistic(double z) {
  return z >= 0 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));
}
double squared(double x) {
  return x * x;
}

class glad_model {
 public:
  glad_model(const answer_table& answers, gold_labels gold)
      : answers_(answers),
        gold_(gold),
        k_(answers.categories()),
        log_others_(k_ > 1 ? std::log(static_cast<double>(k_) - 1) : 0),
        posterior_(answer_shares(answers, gold)),
        ability_(answers.participants(), prior_mean),
        log_ease_(answers.items(), prior_mean) {}

  double step() {
    for (int s = 0; s < ability_steps; ++s) move_abilities();
    for (std::size_t i = 0; i < answers_.items(); ++i) move_ease(i);
    return expect();
  }

  void finish(glad_fit& out) {
    std::vector<double> right(answers_.participants());
    out.ease.resize(answers_.items());
    for (std::size_t i = 0; i < answers_.items(); ++i) {
      out.ease[i] = std::exp(log_ease_[i]);
      for (const auto& c : answers_.item(i))
        right[c.participant] += logistic(ability_[c.participant] * out.ease[i]);
    }
    out.result = labelled(answers_, gold_, std::move(posterior_));
    for (std::size_t p = 0; p < right.size(); ++p)
      if (auto& q = out.result.participants[p]; q.answers > 0)
        q.accuracy = right[p] / static_cast<double>(q.answers);
    out.ability = std::move(ability_);
  }

 private:
  // Posteriors at the current parameters; returns the objective.
  double expect() {
    double objective = 0;
    for (const double a : ability_) objective -= squared(a - prior_mean) / 2;
    for (std::size_t i = 0; i < answers_.items(); ++i) {
      objective -= squared(log_ease_[i] - prior_mean) / 2;
      const auto cells = answers_.item(i);
      const std::uint32_t gold = gold_of(gold_, i);
      if (cells.empty() && gold == no_category) continue;
      double* row = posterior_.data() + i * k_;
      std::fill_n(row, k_, -std::log(static_cast<double>(k_)));
      const double ease = std::exp(log_ease_[i]);
      for (const auto& c : cells) {
        const double z = ability_[c.participant] * ease;
        const double wrong = log_logistic(-z) - log_others_;
        objective += wrong;
        row[c.category] += log_logistic(z) - wrong;
      }
      objective += to_probabilities({row, k_}, gold);
    }
    return objective;
  }

  // The curvature of log σ(α β) in α is at most β²/4 everywhere.
  void move_abilities() {
    std::vector<double> slope(ability_.size());
    std::vector<double> curvature(ability_.size(), 1.0);
    for (std::size_t p = 0; p < slope.size(); ++p) slope[p] = prior_mean - ability_[p];
    for (std::size_t i = 0; i < answers_.items(); ++i) {
      const double ease = std::exp(log_ease_[i]);
      for (const auto& c : answers_.item(i)) {
        const double right = posterior_[i * k_ + c.category];
        slope[c.participant] += (right - logistic(ability_[c.participant] * ease)) * ease;
        curvature[c.participant] += ease * ease / 4;
      }
    }
    for (std::size_t p = 0; p < slope.size(); ++p) ability_[p] += slope[p] / curvature[p];
  }

  // The expected log likelihood of one item's answers, and its prior.
  [[nodiscard]] double item_objective(std::size_t i, double log_ease) const {
    double out = -squared(log_ease - prior_mean) / 2;
    const double ease = std::exp(log_ease);
    for (const auto& c : answers_.item(i)) {
      const double right = posterior_[i * k_ + c.category];
      const double z = ability_[c.participant] * ease;
      out += right * log_logistic(z) + (1 - right) * log_logistic(-z);
    }
    return out;
  }

  void move_ease(std::size_t i) {
    const auto cells = answers_.item(i);
    if (cells.empty()) return;
    const double now = log_ease_[i];
    const double ease = std::exp(now);
    double slope = prior_mean - now;
    double curvature = 1;
    for (const auto& c : cells) {
      const double z = ability_[c.participant] * ease;
      const double p = logistic(z);
      slope += (posterior_[i * k_ + c.category] - p) * z;
      curvature += p * (1 - p) * z * z;
    }
    double move = std::clamp(slope / curvature, -1.0, 1.0);
    const double before = item_objective(i, now);
    for (int halving = 0; halving < most_halvings; ++halving, move /= 2) {
      if (item_objective(i, now + move) > before) {
        log_ease_[i] = now + move;
        return;
      }
    }
  }

  const answer_table& answers_;
  gold_labels gold_;
  std::size_t k_;
  double log_others_;
  std::vector<double> posterior_, ability_, log_ease_;
};

}  // namespace

glad_fit glad(const answer_table& answers, const iteration_settings& settings, gold_labels gold) {
  require_valid(answers, gold);
  require_valid(settings);
  glad_fit out;
  glad_model model(answers, gold);
  out.fit = iterate(settings, answers.size(), [&] { return model.step(); });
  model.finish(out);
  return out;
}

}  // namespace agon::ratings::annotators
