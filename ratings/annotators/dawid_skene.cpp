#include "ratings/annotators/dawid_skene.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace agon::ratings::annotators {
namespace {

// Below this a probability is as good as none, and its logarithm is still a number.
constexpr double least_probability = 1e-300;

double safe_log(double p) {
  return std::log(std::max(p, least_probability));
}

// EM in one pass over the answers per iteration: an item's posterior is made from the last
// parameters and added to the counts of the next at once, while its answers are at hand.
// What the pass takes is mostly waiting for memory, so log probabilities and counts of one
// participant and category lie side by side, and are asked for some answers ahead.
// K is the number of categories where the compiler shall know it, else 0.
template <std::size_t K>
class full_model {
 public:
  full_model(const answer_table& answers, gold_labels gold, double smoothing)
      : answers_(answers),
        gold_(gold),
        smoothing_(smoothing),
        posterior_(answer_shares(answers, gold)),
        cells_(answers.participants() * k() * 2 * k()),
        share_(k()) {
    for (std::size_t i = 0; i < answers.items(); ++i)
      if (!answers.item(i).empty() || gold_of(gold, i) != no_category)
        collect(answers.item(i), posterior_.data() + i * k());
  }

  // One iteration: parameters from the counts, then posteriors and new counts. Returns the
  // objective at those parameters.
  double step() {
    double objective = maximise();
    std::vector<double> log_share(k());
    for (std::size_t t = 0; t < k(); ++t) log_share[t] = safe_log(share_[t]);
    std::fill(share_.begin(), share_.end(), 0.0);
    const auto all = answers_.cells();
    for (std::size_t i = 0; i < answers_.items(); ++i) {
      const auto cells = answers_.item(i);
      const std::uint32_t gold = gold_of(gold_, i);
      if (cells.empty() && gold == no_category) continue;
      double* row = posterior_.data() + i * k();
      for (std::size_t t = 0; t < k(); ++t) row[t] = log_share[t];
      for (const auto& c : cells) {
        if (&c + ahead < all.data() + all.size()) __builtin_prefetch(logs(*(&c + ahead)), 1);
        const double* log = logs(c);
        for (std::size_t t = 0; t < k(); ++t) row[t] += log[t];
      }
      objective += to_probabilities({row, k()}, gold);
      collect(cells, row);
    }
    return objective;
  }

  // The parameters of the current counts.
  void finish(dawid_skene_fit& out) {
    maximise();
    out.class_share = share_;
    out.result = labelled(answers_, gold_, std::move(posterior_));
    out.confusion.resize(cells_.size() / 2);
    for (std::uint32_t p = 0; p < answers_.participants(); ++p) {
      double accuracy = 0;
      for (std::uint32_t l = 0; l < k(); ++l)
        for (std::size_t t = 0; t < k(); ++t) {
          const double probability = std::exp(logs({p, l})[t]);
          out.confusion[(p * k() + t) * k() + l] = probability;
          if (l == t) accuracy += share_[t] * probability;
        }
      if (auto& q = out.result.participants[p]; q.answers > 0) q.accuracy = accuracy;
    }
  }

 private:
  static constexpr std::ptrdiff_t ahead = 16;

  [[nodiscard]] std::size_t k() const { return K > 0 ? K : answers_.categories(); }
  // By truth: log probability of this answer of this participant, and behind it counts.
  double* logs(const answer_table::cell& c) {
    return cells_.data() + (std::size_t{c.participant} * k() + c.category) * 2 * k();
  }
  double* counts(const answer_table::cell& c) { return logs(c) + k(); }

  void collect(std::span<const answer_table::cell> cells, const double* row) {
    for (const auto& c : cells) {
      double* count = counts(c);
      for (std::size_t t = 0; t < k(); ++t) count[t] += row[t];
    }
    for (std::size_t t = 0; t < k(); ++t) share_[t] += row[t];
  }

  // Counts → log probabilities and class shares; the counts start again from zero.
  // Returns the log prior.
  double maximise() {
    double all = 0;
    for (const double s : share_) all += s;
    for (double& s : share_) s = all > 0 ? s / all : 0;
    double prior = 0;
    std::vector<double> sum(k());
    for (std::uint32_t p = 0; p < answers_.participants(); ++p) {
      std::fill(sum.begin(), sum.end(), 0.0);
      for (std::uint32_t l = 0; l < k(); ++l)
        for (std::size_t t = 0; t < k(); ++t) sum[t] += counts({p, l})[t] + smoothing_;
      for (std::uint32_t l = 0; l < k(); ++l) {
        double* log = logs({p, l});
        double* count = counts({p, l});
        for (std::size_t t = 0; t < k(); ++t) {
          // Without smoothing a truth that they never met tells nothing about them.
          const double probability =
              sum[t] > 0 ? (count[t] + smoothing_) / sum[t] : 1 / static_cast<double>(k());
          log[t] = safe_log(probability);
          prior += smoothing_ * log[t];
          count[t] = 0;
        }
      }
    }
    return prior;
  }

  const answer_table& answers_;
  gold_labels gold_;
  double smoothing_;
  std::vector<double> posterior_, cells_, share_;
};

class one_coin_model {
 public:
  one_coin_model(const answer_table& answers, gold_labels gold, double smoothing)
      : answers_(answers),
        gold_(gold),
        smoothing_(smoothing),
        k_(answers.categories()),
        posterior_(answer_shares(answers, gold)),
        given_(answers.participants()),
        right_(answers.participants()),
        log_right_(right_.size()),
        log_wrong_(right_.size()),
        share_(k_) {
    for (const auto& c : answers.cells()) given_[c.participant] += 1;
    for (std::size_t i = 0; i < answers.items(); ++i)
      if (!answers.item(i).empty() || gold_of(gold, i) != no_category) collect(i);
  }

  double step() {
    double objective = maximise();
    std::fill(right_.begin(), right_.end(), 0.0);
    std::vector<double> log_share(k_);
    for (std::size_t t = 0; t < k_; ++t) log_share[t] = safe_log(share_[t]);
    std::fill(share_.begin(), share_.end(), 0.0);
    for (std::size_t i = 0; i < answers_.items(); ++i) {
      const std::uint32_t gold = gold_of(gold_, i);
      if (answers_.item(i).empty() && gold == no_category) continue;
      double* row = posterior_.data() + i * k_;
      std::copy(log_share.begin(), log_share.end(), row);
      for (const auto& c : answers_.item(i)) {
        objective += log_wrong_[c.participant];
        row[c.category] += log_right_[c.participant] - log_wrong_[c.participant];
      }
      objective += to_probabilities({row, k_}, gold);
      collect(i);
    }
    return objective;
  }

  void finish(dawid_skene_fit& out) {
    maximise();
    out.class_share = share_;
    out.result = labelled(answers_, gold_, std::move(posterior_));
    for (std::size_t p = 0; p < right_.size(); ++p)
      if (auto& q = out.result.participants[p]; q.answers > 0) q.accuracy = std::exp(log_right_[p]);
  }

 private:
  void collect(std::size_t i) {
    const double* row = posterior_.data() + i * k_;
    for (const auto& c : answers_.item(i)) right_[c.participant] += row[c.category];
    for (std::size_t t = 0; t < k_; ++t) share_[t] += row[t];
  }

  double maximise() {
    double all = 0;
    for (const double s : share_) all += s;
    for (double& s : share_) s = all > 0 ? s / all : 0;
    double prior = 0;
    const double others = static_cast<double>(k_) - 1;
    for (std::size_t p = 0; p < right_.size(); ++p) {
      const double sum = given_[p] + smoothing_ * static_cast<double>(k_);
      const double right = sum > 0 ? (right_[p] + smoothing_) / sum : 1 / (others + 1);
      log_right_[p] = safe_log(right);
      log_wrong_[p] = others > 0 ? safe_log((1 - right) / others) : safe_log(0);
      prior += smoothing_ * (log_right_[p] + others * log_wrong_[p]);
    }
    return prior;
  }

  const answer_table& answers_;
  gold_labels gold_;
  double smoothing_;
  std::size_t k_;
  std::vector<double> posterior_, given_, right_, log_right_, log_wrong_, share_;
};

template <typename Model>
dawid_skene_fit fitted(Model model, const answer_table& answers,
                       const iteration_settings& iteration) {
  dawid_skene_fit out;
  out.fit = iterate(iteration, answers.size(), [&] { return model.step(); });
  model.finish(out);
  return out;
}

}  // namespace

dawid_skene_fit dawid_skene(const answer_table& answers, const dawid_skene_settings& settings,
                            gold_labels gold) {
  require_valid(answers, gold);
  require_valid(settings.iteration);
  if (!(settings.smoothing >= 0 && settings.smoothing <= 1e6))
    throw std::invalid_argument("smoothing must be 0 to 1e6");
  if (settings.errors == error_model::one_coin)
    return fitted(one_coin_model(answers, gold, settings.smoothing), answers, settings.iteration);
  const auto run = [&]<std::size_t K>() {
    return fitted(full_model<K>(answers, gold, settings.smoothing), answers, settings.iteration);
  };
  switch (answers.categories()) {
    case 2:
      return run.template operator()<2>();
    case 3:
      return run.template operator()<3>();
    case 4:
      return run.template operator()<4>();
    case 5:
      return run.template operator()<5>();
    default:
      return run.template operator()<0>();
  }
}

}  // namespace agon::ratings::annotators
