#include "services/arena/compute_gains.hpp"

#include <algorithm>
#include <map>

#include "ratings/sampling/pair_policy.hpp"

namespace agon::arena {
namespace {

namespace rs = ratings::sampling;

// The library's own floor is kept out of the way: epsilon is mixed in when a pair is drawn,
// over the pairs that can take the request.
constexpr double smallest_floor = 1e-9;

ratings::tally tally_of(const arena& a, std::span<const pair_tally> tallies,
                        std::map<int, ratings::system_index>& index) {
  ratings::tally votes;
  const auto add = [&](int system) {
    const auto [it, added] = index.try_emplace(system, 0);
    if (added) it->second = votes.add_system(std::to_string(system));
    return it->second;
  };
  for (const registered_system& s : a.systems) add(s.id);
  for (const pair_tally& t : tallies) {
    const auto x = add(t.system_a);
    const auto y = add(t.system_b);
    using ratings::outcome;
    votes.add(x, y, outcome::a, static_cast<std::uint64_t>(t.wins_a));
    votes.add(x, y, outcome::b, static_cast<std::uint64_t>(t.wins_b));
    votes.add(x, y, outcome::tie, static_cast<std::uint64_t>(t.ties));
    votes.add(x, y, outcome::both_bad, static_cast<std::uint64_t>(t.both_bad));
  }
  return votes;
}

void count_votes(pair_gains& g, std::span<const pair_tally> tallies) {
  const auto add = [&](int system, std::int64_t votes) {
    const auto it = std::lower_bound(g.systems.begin(), g.systems.end(), system);
    if (it != g.systems.end() && *it == system)
      g.votes[static_cast<std::size_t>(it - g.systems.begin())] += votes;
  };
  for (const pair_tally& t : tallies) {
    const std::int64_t n = t.wins_a + t.wins_b + t.ties + t.both_bad;
    g.all_votes += n;
    add(t.system_a, n);
    add(t.system_b, n);
  }
}

// Fills g.gain; leaves it all zero, so that the policy falls back, if it has no wish.
void wish(pair_gains& g, const arena& a, std::span<const pair_tally> tallies,
          rs::pair_policy policy) {
  std::map<int, ratings::system_index> index;
  const ratings::tally votes = tally_of(a, tallies, index);
  const rs::board_factor factor = rs::factor_of(votes);
  rs::policy_settings settings;
  settings.policy = policy;
  settings.exploration = smallest_floor;
  // The same votes give the same wishes: a board can be followed by whoever knows them.
  settings.seed = static_cast<std::uint64_t>(g.all_votes) + 1;
  std::vector<rs::system_pair> pairs;
  for (std::size_t i = 0; i < g.systems.size(); ++i)
    for (std::size_t j = i + 1; j < g.systems.size(); ++j)
      pairs.push_back({index.at(g.systems[i]), index.at(g.systems[j])});
  const auto wishes = rs::probabilities_of(pairs, factor, settings);
  if (!wishes) return;
  std::size_t at = 0;
  const std::size_t n = g.systems.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j, ++at)
      g.gain[i * n + j] = g.gain[j * n + i] = wishes->probability[at];
}

}  // namespace

gains_ptr compute_gains(const arena& a, std::span<const pair_tally> tallies) {
  auto g = std::make_shared<pair_gains>();
  g->policy = a.sampling.policy;
  for (const registered_system& s : a.systems)
    if (s.id != 0) g->systems.push_back(s.id);
  std::sort(g->systems.begin(), g->systems.end());
  const std::size_t n = g->systems.size();
  if (n < 2) return nullptr;
  g->votes.assign(n, 0);
  g->gain.assign(n * n, 0);
  count_votes(*g, tallies);
  const auto policy = rs::pair_policy_from_text(g->policy);
  const bool learns =
      policy && *policy != rs::pair_policy::weights && *policy != rs::pair_policy::uniform;
  if (learns) wish(*g, a, tallies, *policy);
  return g;
}

}  // namespace agon::arena
