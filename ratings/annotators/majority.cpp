#include "ratings/annotators/majority.hpp"

#include <algorithm>

namespace agon::ratings::annotators {

consensus majority(const answer_table& answers, gold_labels gold) {
  require_valid(answers, gold);
  consensus out = labelled(answers, gold, answer_shares(answers, gold));
  std::vector<double> right(answers.participants());
  for (std::size_t i = 0; i < answers.items(); ++i) {
    const auto row = std::span(out.posterior).subspan(i * out.categories, out.categories);
    // Of categories that tie none is the label more than another: each is right in part.
    const auto tied =
        static_cast<double>(std::count(row.begin(), row.end(), out.labels[i].probability));
    for (const auto& c : answers.item(i))
      if (row[c.category] == out.labels[i].probability) right[c.participant] += 1 / tied;
  }
  for (std::size_t p = 0; p < right.size(); ++p)
    if (auto& q = out.participants[p]; q.answers > 0)
      q.accuracy = right[p] / static_cast<double>(q.answers);
  return out;
}

consensus wawa(const answer_table& answers, gold_labels gold) {
  consensus first = majority(answers, gold);
  const std::size_t k = answers.categories();
  std::vector<double> shares = first.posterior;
  for (std::size_t i = 0; i < answers.items(); ++i) {
    if (gold_of(gold, i) != no_category) continue;
    std::vector<double> weights(k, 0.0);
    double sum = 0;
    for (const auto& c : answers.item(i)) {
      const double w = *first.participants[c.participant].accuracy;
      weights[c.category] += w;
      sum += w;
    }
    for (std::size_t t = 0; sum > 0 && t < k; ++t) shares[i * k + t] = weights[t] / sum;
  }
  consensus out = labelled(answers, gold, std::move(shares));
  out.participants = std::move(first.participants);
  return out;
}

}  // namespace agon::ratings::annotators
