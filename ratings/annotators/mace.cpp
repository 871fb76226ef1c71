#include "ratings/annotators/mace.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "ratings/random.hpp"

namespace agon::ratings::annotators {
namespace {

constexpr double known_before = 0.5;
constexpr double spam_before = 0.5;
constexpr double taste_before = 0.1;

class mace_model {
 public:
  mace_model(const answer_table& answers, gold_labels gold, std::optional<seeded_random> random)
      : answers_(answers),
        gold_(gold),
        k_(answers.categories()),
        posterior_(answer_shares(answers, gold)),
        competence_(answers.participants(), 0.5),
        taste_(answers.participants() * k_, 1 / static_cast<double>(std::max<std::size_t>(k_, 1))) {
    if (random) {
      start_at(*random);
    } else {
      reset_counts();
      for (std::size_t i = 0; i < answers.items(); ++i) collect(i);
      maximise();
    }
  }

  double step() {
    double objective = prior();
    reset_counts();
    for (std::size_t i = 0; i < answers_.items(); ++i) {
      const auto cells = answers_.item(i);
      const std::uint32_t gold = gold_of(gold_, i);
      if (cells.empty() && gold == no_category) continue;
      double* row = posterior_.data() + i * k_;
      std::fill_n(row, k_, -std::log(static_cast<double>(k_)));
      for (const auto& c : cells) {
        const double known = competence_[c.participant];
        const double spam = (1 - known) * taste_[place(c)];
        objective += std::log(spam);
        row[c.category] += std::log((known + spam) / spam);
      }
      objective += to_probabilities({row, k_}, gold);
      collect(i);
    }
    maximise();
    return objective;
  }

  void finish(mace_fit& out) {
    out.result = labelled(answers_, gold_, std::move(posterior_));
    for (std::size_t p = 0; p < competence_.size(); ++p)
      if (auto& q = out.result.participants[p]; q.answers > 0)
        q.accuracy = competence_[p] + (1 - competence_[p]) / static_cast<double>(k_);
    out.competence = std::move(competence_);
    out.taste = std::move(taste_);
  }

 private:
  [[nodiscard]] std::size_t place(const answer_table::cell& c) const {
    return std::size_t{c.participant} * k_ + c.category;
  }

  void start_at(seeded_random random) {
    for (double& c : competence_) c = 0.05 + 0.9 * random.unit();
    for (std::size_t p = 0; p < competence_.size(); ++p) {
      double sum = 0;
      for (std::size_t l = 0; l < k_; ++l) sum += taste_[p * k_ + l] = 0.1 + random.unit();
      for (std::size_t l = 0; l < k_; ++l) taste_[p * k_ + l] /= sum;
    }
  }

  void reset_counts() {
    known_.assign(competence_.size(), known_before);
    spam_.assign(taste_.size(), taste_before);
  }

  // An answer that is right was known, or spam that hit.
  void collect(std::size_t i) {
    for (const auto& c : answers_.item(i)) {
      const double known = competence_[c.participant];
      const double share = known / (known + (1 - known) * taste_[place(c)]);
      const double expected = posterior_[i * k_ + c.category] * share;
      known_[c.participant] += expected;
      spam_[place(c)] += 1 - expected;
    }
  }

  void maximise() {
    for (std::size_t p = 0; p < competence_.size(); ++p) {
      double spam = 0;
      for (std::size_t l = 0; l < k_; ++l) spam += spam_[p * k_ + l];
      for (std::size_t l = 0; l < k_; ++l) taste_[p * k_ + l] = spam_[p * k_ + l] / spam;
      // The pseudo-answers of the taste are not answers.
      spam += spam_before - taste_before * static_cast<double>(k_);
      competence_[p] = known_[p] / (known_[p] + spam);
    }
  }

  [[nodiscard]] double prior() const {
    double out = 0;
    for (const double c : competence_)
      out += known_before * std::log(c) + spam_before * std::log(1 - c);
    for (const double t : taste_) out += taste_before * std::log(t);
    return out;
  }

  const answer_table& answers_;
  gold_labels gold_;
  std::size_t k_;
  std::vector<double> posterior_, competence_, taste_, known_, spam_;
};

}  // namespace

mace_fit mace(const answer_table& answers, const mace_settings& settings, gold_labels gold) {
  require_valid(answers, gold);
  require_valid(settings.iteration);
  if (settings.starts < 1 || settings.starts > 10'000)
    throw std::invalid_argument("starts must be 1 to 10,000");
  std::optional<mace_model> best;
  convergence best_fit;
  for (int s = 0; s < settings.starts; ++s) {
    mace_model model(
        answers, gold,
        s == 0 ? std::nullopt
               : std::optional(seeded_random(settings.seed, static_cast<std::uint64_t>(s))));
    const convergence fit =
        iterate(settings.iteration, answers.size(), [&] { return model.step(); });
    if (!best || fit.objective > best_fit.objective) {
      best.emplace(std::move(model));
      best_fit = fit;
    }
  }
  mace_fit out;
  out.fit = best_fit;
  best->finish(out);
  return out;
}

}  // namespace agon::ratings::annotators
