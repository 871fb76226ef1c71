#include "ratings/agreement/bootstrap.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "ratings/random.hpp"

namespace agon::ratings::agreement {
namespace {

constexpr std::uint32_t most_rounds = 1'000'000;

// Linear between the two nearest of the sorted values (type 7 of Hyndman & Fan 1996).
double quantile(const std::vector<double>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

}  // namespace

std::string_view to_text(undefined_reason r) {
  static constexpr std::array<std::string_view, 4> texts{"none", "no_pairs", "no_variation",
                                                         "few_rounds"};
  return texts.at(static_cast<std::size_t>(r));
}

coefficient finished(coefficient c) {
  if (c.items == 0)
    c.reason = undefined_reason::no_pairs;
  else if (!(c.expected > 0))
    c.reason = undefined_reason::no_variation;
  else
    c.value = 1 - c.observed / c.expected;
  return c;
}

interval_estimate bootstrap_items(std::size_t items, const item_statistic& statistic,
                                  const bootstrap_settings& settings) {
  if (!(settings.confidence > 0 && settings.confidence < 1))
    throw std::invalid_argument("confidence must be between 0 and 1");
  if (settings.rounds < 1 || settings.rounds > most_rounds)
    throw std::invalid_argument("rounds must be 1 to 1,000,000");
  interval_estimate out;
  std::vector<std::uint32_t> counts(items, 1);
  out.estimate = statistic(counts);
  if (!out.estimate.value) {
    out.reason = out.estimate.reason;
    out.undefined_rounds = settings.rounds;
    return out;
  }
  std::vector<double> values;
  values.reserve(settings.rounds);
  for (std::uint32_t round = 0; round < settings.rounds; ++round) {
    seeded_random random(settings.seed, round);
    std::fill(counts.begin(), counts.end(), 0U);
    for (std::size_t i = 0; i < items; ++i) ++counts[random.below(items)];
    if (const coefficient c = statistic(counts); c.value) values.push_back(*c.value);
  }
  out.undefined_rounds = settings.rounds - static_cast<std::uint32_t>(values.size());
  if (values.size() * 2 < settings.rounds) {
    out.reason = undefined_reason::few_rounds;
    return out;
  }
  std::sort(values.begin(), values.end());
  const double tail = (1 - settings.confidence) / 2;
  out.lower = quantile(values, tail);
  out.upper = quantile(values, 1 - tail);
  return out;
}

}  // namespace agon::ratings::agreement
