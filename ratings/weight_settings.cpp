#include "ratings/weight_settings.hpp"

#include <stdexcept>
#include <string>

#include "ratings/weights.hpp"

namespace agon::ratings {
namespace {

// The cap counts in votes, so the weights before it must be about one each.
void scale_to_mean_one(std::span<float> weights) {
  double sum = 0;
  for (const float w : weights) sum += static_cast<double>(w);
  if (sum <= 0) return;
  const double by = static_cast<double>(weights.size()) / sum;
  for (float& w : weights) w = static_cast<float>(static_cast<double>(w) * by);
}

// Written so that NaN is refused.
bool within(const std::optional<double>& value, double least, double most) {
  return !value || (*value >= least && *value <= most);
}

constexpr double largest = 1e9;

}  // namespace

std::optional<std::string_view> out_of_range(const weight_settings& s) {
  if (!within(s.inverse_propensity, 1, largest)) return "inverse_propensity";
  if (!within(s.inverse_pair_count, 1, largest)) return "inverse_pair_count";
  if (!within(s.participant_cap, 1, largest)) return "participant_cap";
  if (!within(s.prompt_quantile, 0, 1)) return "prompt_quantile";
  if (!within(s.prompt_similarity, 0.01, 1)) return "prompt_similarity";
  if (s.prompt_similarity && !s.prompt_quantile) return "prompt_similarity";
  return std::nullopt;
}

std::vector<float> weights_of(const vote_log& votes, const weight_settings& settings) {
  if (const auto field = out_of_range(settings))
    throw std::invalid_argument("weights: " + std::string(*field) + " out of range");
  std::vector<float> out = whole_weights(votes);
  if (settings.inverse_propensity)
    weigh_by_inverse_propensity(votes, out, *settings.inverse_propensity);
  if (settings.inverse_pair_count)
    weigh_by_inverse_pair_count(votes, out, *settings.inverse_pair_count);
  if (settings.prompt_quantile && !votes.prompt_column().empty())
    cap_prompts(votes.prompt_column(), out,
                frequency_cap(votes.prompt_column(), *settings.prompt_quantile));
  if (settings.participant_cap) {
    scale_to_mean_one(out);
    cap_participants(votes, out, *settings.participant_cap);
  }
  return out;
}

double effective_votes(std::span<const float> weights) {
  double sum = 0;
  double squares = 0;
  for (const float w : weights) {
    sum += static_cast<double>(w);
    squares += static_cast<double>(w) * static_cast<double>(w);
  }
  return squares > 0 ? sum * sum / squares : 0;
}

}  // namespace agon::ratings
