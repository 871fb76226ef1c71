#include "ratings/weights.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <unordered_map>

namespace agon::ratings {
namespace {

void require_one_each(std::size_t weights, std::size_t votes) {
  if (weights != votes)
    throw std::invalid_argument("weights: " + std::to_string(weights) + " for " +
                                std::to_string(votes) + " votes");
}

// Written so that NaN is refused.
void require_at_least(double value, double least, const char* what) {
  if (!(value >= least) || !std::isfinite(value))
    throw std::invalid_argument(std::string("weights: ") + what + " out of range");
}

std::unordered_map<std::uint32_t, double> counts_of(std::span<const std::uint32_t> prompts) {
  std::unordered_map<std::uint32_t, double> out;
  for (const std::uint32_t p : prompts)
    if (p != no_prompt) out[p] += 1;
  return out;
}

void multiply(float& weight, double by) {
  weight = static_cast<float>(static_cast<double>(weight) * by);
}

}  // namespace

std::vector<float> whole_weights(const vote_log& votes, bool with_quarantined) {
  std::vector<float> out(votes.size(), 1);
  const auto quarantined = votes.quarantine_column();
  for (std::size_t i = 0; i < quarantined.size() && !with_quarantined; ++i)
    if (quarantined[i] != 0) out[i] = 0;
  return out;
}

void weigh_by_inverse_propensity(const vote_log& votes, std::span<float> weights, double clip) {
  require_one_each(weights.size(), votes.size());
  require_at_least(clip, 1, "the clip");
  const auto probability = votes.probability_column();
  double sum = 0;
  double recorded = 0;
  for (const float p : probability) {
    if (p <= 0) continue;
    sum += 1 / static_cast<double>(p);
    recorded += 1;
  }
  for (std::size_t i = 0; i < probability.size(); ++i)
    if (probability[i] > 0)
      multiply(weights[i], std::min(clip, recorded / (sum * static_cast<double>(probability[i]))));
}

void weigh_by_inverse_pair_count(const vote_log& votes, std::span<float> weights, double least) {
  require_one_each(weights.size(), votes.size());
  require_at_least(least, 1, "the least count");
  const tally counts = count(votes);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto [low, high] = std::minmax(votes.first(i), votes.second(i));
    const auto& c = counts.pair(low, high);
    multiply(weights[i], 1 / std::max(least, static_cast<double>(c[0] + c[1] + c[2] + c[3])));
  }
}

void cap_participants(const vote_log& votes, std::span<float> weights, double most) {
  require_one_each(weights.size(), votes.size());
  require_at_least(most, std::numeric_limits<float>::min(), "the cap");
  const auto participants = votes.participant_column();
  std::unordered_map<std::uint32_t, double> sums;
  for (std::size_t i = 0; i < participants.size(); ++i)
    if (participants[i] != no_participant) sums[participants[i]] += static_cast<double>(weights[i]);
  for (std::size_t i = 0; i < participants.size(); ++i)
    if (participants[i] != no_participant && sums[participants[i]] > most)
      multiply(weights[i], most / sums[participants[i]]);
}

double frequency_cap(std::span<const std::uint32_t> prompts, double quantile) {
  if (!(quantile >= 0 && quantile <= 1))
    throw std::invalid_argument("weights: a quantile outside [0, 1]");
  std::vector<double> counts;
  for (const auto& [prompt, n] : counts_of(prompts)) counts.push_back(n);
  if (counts.empty()) return 1;
  std::sort(counts.begin(), counts.end());
  const double place = quantile * static_cast<double>(counts.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, counts.size() - 1);
  return counts[below] + (place - std::floor(place)) * (counts[above] - counts[below]);
}

void cap_prompts(std::span<const std::uint32_t> prompts, std::span<float> weights, double most) {
  require_one_each(weights.size(), prompts.size());
  require_at_least(most, std::numeric_limits<float>::min(), "the cap");
  const auto counts = counts_of(prompts);
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const auto found = counts.find(prompts[i]);
    if (found != counts.end() && found->second > most) multiply(weights[i], most / found->second);
  }
}

}  // namespace agon::ratings
