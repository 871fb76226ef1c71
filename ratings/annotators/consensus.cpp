#include "ratings/annotators/consensus.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace agon::ratings::annotators {

void require_valid(const answer_table& answers, gold_labels gold) {
  if (!gold.empty() && gold.size() != answers.items())
    throw std::invalid_argument("gold: one entry for each item");
  for (const std::uint32_t g : gold)
    if (g != no_category && g >= answers.categories())
      throw std::invalid_argument("gold: no such category");
}

void require_valid(const iteration_settings& settings) {
  if (settings.most_iterations < 1 || settings.most_iterations > 1'000'000)
    throw std::invalid_argument("most_iterations must be 1 to 1,000,000");
  if (!(settings.tolerance >= 0 && settings.tolerance <= 1))
    throw std::invalid_argument("tolerance must be 0 to 1");
}

double to_probabilities(std::span<double> log_weights, std::uint32_t gold) {
  if (gold != no_category) {
    const double weight = log_weights[gold];
    std::fill(log_weights.begin(), log_weights.end(), 0.0);
    log_weights[gold] = 1;
    return weight;
  }
  const double largest = *std::max_element(log_weights.begin(), log_weights.end());
  double sum = 0;
  for (double& w : log_weights) sum += w = std::exp(w - largest);
  for (double& w : log_weights) w /= sum;
  return largest + std::log(sum);
}

std::vector<double> answer_shares(const answer_table& answers, gold_labels gold) {
  const std::size_t k = answers.categories();
  std::vector<double> out(answers.items() * k, 0.0);
  for (std::size_t i = 0; i < answers.items(); ++i) {
    const auto cells = answers.item(i);
    if (const std::uint32_t g = gold_of(gold, i); g != no_category) {
      out[i * k + g] = 1;
      continue;
    }
    // Counted first, divided after, so that equal counts are equal shares.
    for (const auto& c : cells) out[i * k + c.category] += 1;
    for (std::size_t t = 0; !cells.empty() && t < k; ++t)
      out[i * k + t] /= static_cast<double>(cells.size());
  }
  return out;
}

consensus labelled(const answer_table& answers, gold_labels gold, std::vector<double> posterior) {
  consensus out;
  out.categories = answers.categories();
  out.posterior = std::move(posterior);
  out.labels.resize(answers.items());
  out.participants.resize(answers.participants());
  for (std::size_t i = 0; i < answers.items(); ++i) {
    const auto row = std::span(out.posterior).subspan(i * out.categories, out.categories);
    if (answers.item(i).empty() && gold_of(gold, i) == no_category) {
      std::fill(row.begin(), row.end(), 0.0);
      continue;
    }
    const auto best = std::max_element(row.begin(), row.end());
    out.labels[i] = {static_cast<std::uint32_t>(best - row.begin()), *best,
                     std::count(row.begin(), row.end(), *best) > 1};
  }
  for (const auto& c : answers.cells()) ++out.participants[c.participant].answers;
  return out;
}

}  // namespace agon::ratings::annotators
