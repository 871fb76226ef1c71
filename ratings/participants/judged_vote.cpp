#include "ratings/participants/judged_vote.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace agon::ratings::participants {
namespace {

constexpr std::uint32_t not_rated = std::numeric_limits<std::uint32_t>::max();

void require_vote(const judged_vote& v, std::size_t systems) {
  if (v.a >= systems || v.b >= systems) throw std::invalid_argument("vote: no such system");
  if (v.a == v.b) throw std::invalid_argument("vote: a system against itself");
  if (static_cast<std::size_t>(v.result) >= outcome_count)
    throw std::invalid_argument("vote: unknown outcome");
  if (v.participant == not_rated) throw std::invalid_argument("vote: participant out of range");
}

}  // namespace

grouped_votes group_votes(std::size_t systems, std::span<const judged_vote> votes,
                          both_bad_policy both_bad) {
  if (both_bad != both_bad_policy::drop && both_bad != both_bad_policy::tie)
    throw std::invalid_argument("both_bad can be dropped or counted as a tie");
  grouped_votes out;
  out.start.push_back(0);
  const auto counts = [&](const judged_vote& v) {
    return v.result != outcome::both_bad || both_bad == both_bad_policy::tie;
  };
  for (const judged_vote& v : votes) {
    require_vote(v, systems);
    if (out.start.size() < std::size_t{v.participant} + 2) out.start.resize(v.participant + 2UL);
    if (counts(v)) ++out.start[v.participant + 1UL];
  }
  std::partial_sum(out.start.begin(), out.start.end(), out.start.begin());
  out.votes.resize(out.start.back());
  auto next = out.start;
  for (judged_vote v : votes) {
    if (!counts(v)) continue;
    if (v.result == outcome::both_bad) v.result = outcome::tie;
    out.votes[next[v.participant]++] = v;
  }
  return out;
}

std::vector<comparison> pair_counts(std::span<const judged_vote> votes) {
  std::map<std::pair<system_index, system_index>, comparison> pairs;
  for (const judged_vote& v : votes) {
    const auto [low, high] = std::minmax(v.a, v.b);
    comparison& c = pairs.try_emplace({low, high}, comparison{low, high, 0, 0, 0}).first->second;
    if (v.result == outcome::tie)
      c.ties += 1;
    else
      ((v.result == outcome::a) == (v.a == low) ? c.wins : c.losses) += 1;
  }
  std::vector<comparison> out;
  for (const auto& [pair, c] : pairs) out.push_back(c);
  return out;
}

void restrict_to(grouped_votes& votes, const connectivity& comparable) {
  std::vector<std::uint32_t> place(comparable.status.size(), not_rated);
  for (std::uint32_t k = 0; k < comparable.rated.size(); ++k) place[comparable.rated[k]] = k;
  std::vector<judged_vote> kept;
  std::vector<std::size_t> start{0};
  for (std::size_t p = 0; p < votes.participants(); ++p) {
    for (judged_vote v : votes.of(p)) {
      v.a = place[v.a];
      v.b = place[v.b];
      if (v.a != not_rated && v.b != not_rated) kept.push_back(v);
    }
    start.push_back(kept.size());
  }
  votes.votes = std::move(kept);
  votes.start = std::move(start);
}

}  // namespace agon::ratings::participants
