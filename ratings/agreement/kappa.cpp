#include "ratings/agreement/kappa.hpp"

#include <cmath>
#include <optional>
#include <string>

#include "ratings/agreement/bootstrap.hpp"

namespace agon::ratings::agreement {
namespace {

struct category_pair {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
};

std::optional<data_error> refused_repeat(const answer_table& answers) {
  if (!answers.repeated()) return std::nullopt;
  return data_error{"participant " + std::to_string(answers.repeated()->participant) +
                    " answered item " + std::to_string(answers.repeated()->item) + " twice"};
}

std::optional<data_error> refused_pair(const answer_table& answers, std::uint32_t first,
                                       std::uint32_t second) {
  if (first >= answers.participants() || second >= answers.participants())
    return data_error{"no such participant"};
  if (first == second) return data_error{"a participant against themself"};
  return refused_repeat(answers);
}

std::vector<category_pair> judged_by_both(const answer_table& answers, std::uint32_t first,
                                          std::uint32_t second) {
  std::vector<category_pair> out;
  for (std::size_t i = 0; i < answers.items(); ++i) {
    std::optional<std::uint32_t> x, y;
    for (const auto& c : answers.item(i)) {
      if (c.participant == first) x = c.category;
      if (c.participant == second) y = c.category;
    }
    if (x && y) out.push_back({*x, *y});
  }
  return out;
}

double weight_of(kappa_weights w, std::size_t c, std::size_t k, std::size_t categories) {
  if (w == kappa_weights::unweighted) return c == k ? 0 : 1;
  const double distance = std::fabs(static_cast<double>(c) - static_cast<double>(k)) /
                          static_cast<double>(categories - 1);
  return w == kappa_weights::linear ? distance : distance * distance;
}

coefficient cohen(std::span<const category_pair> pairs, std::span<const std::uint32_t> counts,
                  kappa_weights weights, std::size_t categories) {
  coefficient out;
  std::vector<double> first(categories), second(categories);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto& p = pairs[i];
    out.items += counts[i];
    first[p.first] += counts[i];
    second[p.second] += counts[i];
    if (p.first != p.second)
      out.observed += counts[i] * weight_of(weights, p.first, p.second, categories);
  }
  out.answers = 2 * out.items;
  if (out.items == 0) return finished(out);
  const auto n = static_cast<double>(out.items);
  out.observed /= n;
  for (std::size_t c = 0; c < categories; ++c)
    for (std::size_t k = 0; first[c] > 0 && k < categories; ++k)
      if (k != c && second[k] > 0)
        out.expected += weight_of(weights, c, k, categories) * (first[c] / n) * (second[k] / n);
  return finished(out);
}

coefficient fleiss(const answer_table& answers, std::span<const std::uint32_t> counts) {
  coefficient out;
  std::vector<double> shares(answers.categories(), 0.0);
  std::vector<double> here(answers.categories(), 0.0);
  for (std::size_t i = 0; i < answers.items(); ++i) {
    const auto cells = answers.item(i);
    if (cells.size() < 2 || counts[i] == 0) continue;
    out.items += counts[i];
    out.answers += counts[i] * cells.size();
    const auto n = static_cast<double>(cells.size());
    for (const auto& c : cells) here[c.category] += 1;
    double differing = 0;
    for (const auto& c : cells) {
      differing += n - here[c.category];
      shares[c.category] += counts[i] / n;
    }
    for (const auto& c : cells) here[c.category] = 0;
    out.observed += counts[i] * differing / (n * (n - 1));
  }
  if (out.items == 0) return finished(out);
  const auto items = static_cast<double>(out.items);
  out.observed /= items;
  // 1 − Σ p² as Σ p (1 − p), where the others' shares are summed: exactly 0 without variation.
  double sum = 0;
  for (const double s : shares) {
    out.expected += 2 * s * sum;
    sum += s;
  }
  out.expected /= items * items;
  return finished(out);
}

}  // namespace

checked<coefficient> cohen_kappa(const answer_table& answers, std::uint32_t first,
                                 std::uint32_t second, kappa_weights weights) {
  if (auto wrong = refused_pair(answers, first, second)) return *std::move(wrong);
  const auto pairs = judged_by_both(answers, first, second);
  const std::vector<std::uint32_t> once(pairs.size(), 1);
  return cohen(pairs, once, weights, answers.categories());
}

checked<interval_estimate> cohen_kappa_interval(const answer_table& answers, std::uint32_t first,
                                                std::uint32_t second, kappa_weights weights,
                                                const bootstrap_settings& settings) {
  if (auto wrong = refused_pair(answers, first, second)) return *std::move(wrong);
  const auto pairs = judged_by_both(answers, first, second);
  return bootstrap_items(
      pairs.size(),
      [&](std::span<const std::uint32_t> counts) {
        return cohen(pairs, counts, weights, answers.categories());
      },
      settings);
}

checked<coefficient> fleiss_kappa(const answer_table& answers) {
  if (auto wrong = refused_repeat(answers)) return *std::move(wrong);
  const std::vector<std::uint32_t> once(answers.items(), 1);
  return fleiss(answers, once);
}

checked<interval_estimate> fleiss_kappa_interval(const answer_table& answers,
                                                 const bootstrap_settings& settings) {
  if (auto wrong = refused_repeat(answers)) return *std::move(wrong);
  return bootstrap_items(
      answers.items(),
      [&](std::span<const std::uint32_t> counts) { return fleiss(answers, counts); }, settings);
}

}  // namespace agon::ratings::agreement
