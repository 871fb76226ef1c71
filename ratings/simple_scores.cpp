#include "ratings/simple_scores.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "ratings/connectivity.hpp"

namespace agon::ratings {
namespace {

constexpr int most_power_steps = 10'000;
constexpr double power_tolerance = 1e-14;

// One entry for each pair that has a counted vote.
std::vector<comparison> pairs_with_votes(const tally& votes, both_bad_policy both_bad) {
  if (both_bad == both_bad_policy::model)
    throw std::invalid_argument("both_bad can be dropped or counted as a tie");
  std::vector<comparison> out;
  const auto systems = static_cast<system_index>(votes.systems().size());
  for (system_index b = 1; b < systems; ++b)
    for (system_index a = 0; a < b; ++a) {
      const auto& c = votes.pair(a, b);
      const std::uint64_t ties = c[2] + (both_bad == both_bad_policy::tie ? c[3] : 0);
      if (c[0] + c[1] + ties > 0)
        out.push_back({a, b, static_cast<double>(c[0]), static_cast<double>(c[1]),
                       static_cast<double>(ties)});
    }
  return out;
}

double wins_of_a(const comparison& c) {
  return c.wins + c.ties / 2;
}
double wins_of_b(const comparison& c) {
  return c.losses + c.ties / 2;
}

}  // namespace

std::vector<double> win_counts(const tally& votes, both_bad_policy both_bad) {
  std::vector<double> out(votes.systems().size());
  for (const comparison& c : pairs_with_votes(votes, both_bad)) {
    out[c.a] += wins_of_a(c);
    out[c.b] += wins_of_b(c);
  }
  return out;
}

std::vector<std::optional<double>> average_win_rates(const tally& votes, both_bad_policy both_bad) {
  std::vector<double> sum(votes.systems().size()), opponents(sum.size());
  for (const comparison& c : pairs_with_votes(votes, both_bad)) {
    const double rate = wins_of_a(c) / (c.wins + c.losses + c.ties);
    sum[c.a] += rate;
    sum[c.b] += 1 - rate;
    opponents[c.a] += 1;
    opponents[c.b] += 1;
  }
  std::vector<std::optional<double>> out(sum.size());
  for (std::size_t i = 0; i < sum.size(); ++i)
    if (opponents[i] > 0) out[i] = sum[i] / opponents[i];
  return out;
}

std::vector<std::optional<double>> eigenvector_scores(const tally& votes,
                                                      both_bad_policy both_bad) {
  const auto pairs = pairs_with_votes(votes, both_bad);
  const connectivity comparable = find_comparable(votes.systems().size(), pairs);
  std::vector<std::optional<double>> out(votes.systems().size());
  if (comparable.rated.empty()) return out;
  const auto inside = [&](system_index i) { return comparable.status[i] == rating_status::rated; };
  std::vector<double> x(out.size(), 0.0), next(out.size());
  std::vector<double> counted(out.size(), 0.0);
  for (const comparison& c : pairs) {
    if (!inside(c.a) || !inside(c.b)) continue;
    counted[c.a] += wins_of_a(c);
    counted[c.b] += wins_of_b(c);
  }
  // A multiple of the identity keeps the eigenvector and stops a circle of wins from going
  // round for ever.
  const double shift = *std::max_element(counted.begin(), counted.end()) / 10;
  const double even = 1 / std::sqrt(static_cast<double>(comparable.rated.size()));
  for (const system_index i : comparable.rated) x[i] = even;
  double change = 1;
  for (int n = 0; n < most_power_steps && change > power_tolerance; ++n) {
    for (std::size_t i = 0; i < x.size(); ++i) next[i] = shift * x[i];
    for (const comparison& c : pairs) {
      if (!inside(c.a) || !inside(c.b)) continue;
      next[c.a] += wins_of_a(c) * x[c.b];
      next[c.b] += wins_of_b(c) * x[c.a];
    }
    double length = 0;
    for (const double v : next) length += v * v;
    change = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      next[i] /= std::sqrt(length);
      change = std::max(change, std::fabs(next[i] - x[i]));
    }
    x.swap(next);
  }
  for (const system_index i : comparable.rated) out[i] = x[i];
  return out;
}

std::vector<double> pagerank_scores(const tally& votes, double damping, both_bad_policy both_bad) {
  if (!(damping >= 0 && damping < 1)) throw std::invalid_argument("damping: 0 to below 1");
  const auto pairs = pairs_with_votes(votes, both_bad);
  const auto n = static_cast<double>(votes.systems().size());
  std::vector<double> losses(votes.systems().size());
  for (const comparison& c : pairs) {
    losses[c.a] += wins_of_b(c);
    losses[c.b] += wins_of_a(c);
  }
  std::vector<double> x(losses.size(), 1 / n), next(losses.size());
  double change = 1;
  for (int step = 0; step < most_power_steps && change > power_tolerance; ++step) {
    double spread = 1 - damping;
    for (std::size_t i = 0; i < x.size(); ++i) spread += losses[i] > 0 ? 0 : damping * x[i];
    std::fill(next.begin(), next.end(), spread / n);
    for (const comparison& c : pairs) {
      if (wins_of_a(c) > 0) next[c.a] += damping * x[c.b] * wins_of_a(c) / losses[c.b];
      if (wins_of_b(c) > 0) next[c.b] += damping * x[c.a] * wins_of_b(c) / losses[c.a];
    }
    change = 0;
    for (std::size_t i = 0; i < x.size(); ++i) change = std::max(change, std::fabs(next[i] - x[i]));
    x.swap(next);
  }
  return x;
}

}  // namespace agon::ratings
