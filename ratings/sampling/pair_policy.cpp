#include "ratings/sampling/pair_policy.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "ratings/bradley_terry.hpp"
#include "ratings/sampling/pair_gain.hpp"

namespace agon::ratings::sampling {
namespace {

constexpr std::array<std::string_view, 5> policy_names{"uniform", "weights", "uncertainty",
                                                       "variance", "dueling"};
constexpr double most_boost = 1e6;
constexpr int most_draws = 100'000;

std::optional<data_error> wrong_numbers(const std::vector<double>& by_system, std::size_t systems,
                                        double most, const char* name) {
  if (!by_system.empty() && by_system.size() != systems)
    return data_error{std::string(name) + ": one number for each system"};
  for (const double x : by_system)
    if (!(x >= 0 && x <= most)) return data_error{std::string(name) + ": out of range"};
  return std::nullopt;
}

std::optional<data_error> wrong_settings(const policy_settings& s, const board_factor& f) {
  const std::size_t m = f.systems;
  if (f.theta.size() != m || f.covariance.size() != m * m || f.pair_votes.size() != m * m)
    return data_error{"factor: sizes do not fit"};
  if (!(s.exploration > 0 && s.exploration <= 1)) return data_error{"exploration: above 0, to 1"};
  if (s.draws < 1 || s.draws > most_draws) return data_error{"draws: 1 to 100,000"};
  if (!s.paused.empty() && s.paused.size() != m) return data_error{"paused: one for each system"};
  if (auto wrong = wrong_numbers(s.weight, m, most_boost, "weight")) return wrong;
  if (auto wrong = wrong_numbers(s.boost, m, most_boost, "boost")) return wrong;
  return wrong_numbers(s.target_error, m, most_boost, "target_error");
}

std::optional<data_error> wrong_pairs(std::span<const system_pair> pairs, std::size_t systems) {
  std::set<std::pair<system_index, system_index>> seen;
  for (const system_pair& p : pairs) {
    if (p.a >= systems || p.b >= systems) return data_error{"pair: no such system"};
    if (p.a == p.b) return data_error{"pair: a system against itself"};
    if (!seen.insert(std::minmax(p.a, p.b)).second) return data_error{"pair: given twice"};
  }
  return std::nullopt;
}

double setting_of(const std::vector<double>& by_system, std::size_t i, double otherwise) {
  return by_system.empty() ? otherwise : by_system[i];
}

// Variance of θ_i − mean θ: what a board's standard error is of.
std::vector<bool> wanting_systems(const board_factor& f, const policy_settings& s) {
  std::vector<bool> out(f.systems, true);
  if (s.target_error.empty()) return out;
  const auto m = static_cast<double>(f.systems);
  std::vector<double> row(f.systems, 0.0);
  double all = 0;
  for (std::size_t i = 0; i < f.systems; ++i)
    for (std::size_t j = 0; j < f.systems; ++j) row[i] += f.covariance[i * f.systems + j];
  for (const double r : row) all += r;
  for (std::size_t i = 0; i < f.systems; ++i) {
    const double variance = f.covariance[i * f.systems + i] - 2 * row[i] / m + all / (m * m);
    const double error = points_per_unit * std::sqrt(std::max(0.0, variance));
    out[i] = s.target_error[i] <= 0 || error > s.target_error[i];
  }
  return out;
}

std::vector<double> wishes_of(const open_pairs& open, const board_factor& factor,
                              const policy_settings& settings) {
  switch (settings.policy) {
    case pair_policy::weights:
      return weight_wishes(open);
    case pair_policy::uncertainty:
      return uncertainty_wishes(open, factor);
    case pair_policy::variance:
      return variance_wishes(open, factor);
    case pair_policy::dueling:
      return dueling_wishes(open, factor, settings.draws, settings.seed);
    case pair_policy::uniform:
      break;
  }
  return std::vector<double>(open.pairs.size(), 1.0);
}

bool normalise(std::vector<double>& wishes) {
  const double sum = std::accumulate(wishes.begin(), wishes.end(), 0.0);
  if (!(sum > 0) || !std::isfinite(sum)) return false;
  for (double& w : wishes) w /= sum;
  return true;
}

}  // namespace

std::string_view to_text(pair_policy p) {
  return policy_names.at(static_cast<std::size_t>(p));
}

std::optional<pair_policy> pair_policy_from_text(std::string_view text) {
  const auto at = std::find(policy_names.begin(), policy_names.end(), text);
  if (at == policy_names.end()) return std::nullopt;
  return static_cast<pair_policy>(at - policy_names.begin());
}

checked<pair_probabilities> probabilities_of(std::span<const system_pair> pairs,
                                             const board_factor& factor,
                                             const policy_settings& settings) {
  if (auto wrong = wrong_settings(settings, factor)) return *std::move(wrong);
  if (auto wrong = wrong_pairs(pairs, factor.systems)) return *std::move(wrong);
  const auto closed = [&](system_index i) {
    return (!settings.paused.empty() && settings.paused[i]) ||
           setting_of(settings.weight, i, 1) <= 0;
  };
  std::vector<system_pair> open;
  std::vector<std::size_t> place;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    if (closed(pairs[k].a) || closed(pairs[k].b)) continue;
    open.push_back(pairs[k]);
    place.push_back(k);
  }
  if (open.empty()) return data_error{"no pair is admissible"};

  open_pairs given{open, {}, wanting_systems(factor, settings)};
  for (std::size_t i = 0; i < factor.systems; ++i)
    given.weight.push_back(setting_of(settings.weight, i, 1));
  pair_probabilities out;
  out.admissible = open.size();
  std::vector<double> wishes = wishes_of(given, factor, settings);
  if (!normalise(wishes)) {
    out.targets_reached = true;
    wishes.assign(open.size(), 1.0);
  }
  for (std::size_t k = 0; k < open.size(); ++k)
    wishes[k] *=
        setting_of(settings.boost, open[k].a, 1) * setting_of(settings.boost, open[k].b, 1);
  // Boosts of 0 for all that the policy wants leave the floor alone.
  if (!normalise(wishes)) wishes.assign(open.size(), 1 / static_cast<double>(open.size()));
  out.floor = settings.exploration / static_cast<double>(open.size());
  out.probability.assign(pairs.size(), 0.0);
  for (std::size_t k = 0; k < open.size(); ++k)
    out.probability[place[k]] = out.floor + (1 - settings.exploration) * wishes[k];
  return out;
}

std::size_t pick(std::span<const double> probability, double unit) {
  std::size_t last = 0;
  for (std::size_t k = 0; k < probability.size(); ++k) {
    if (probability[k] <= 0) continue;
    last = k;
    unit -= probability[k];
    if (unit < 0) return k;
  }
  return last;  // rounding at the upper end
}

}  // namespace agon::ratings::sampling
