#include "ratings/ranking/rankings.hpp"

#include <algorithm>
#include <stdexcept>

namespace agon::ratings::ranking {

checked<void> ranking_tally::add(ranking r, std::uint64_t count) {
  std::vector<system_index> seen = r.below;
  for (auto& group : r.groups) {
    if (group.empty()) return data_error{"an empty group"};
    std::sort(group.begin(), group.end());
    seen.insert(seen.end(), group.begin(), group.end());
  }
  std::sort(r.below.begin(), r.below.end());
  std::sort(seen.begin(), seen.end());
  if (!seen.empty() && seen.back() >= names_.size()) return data_error{"system not registered"};
  if (std::adjacent_find(seen.begin(), seen.end()) != seen.end())
    return data_error{"a system stands twice"};
  if (count > 0) counts_[std::move(r)] += count;
  return {};
}

ranking_tally ranking_tally::of(const tally& votes, both_bad_policy both_bad) {
  if (both_bad != both_bad_policy::drop && both_bad != both_bad_policy::tie)
    throw std::invalid_argument("rankings know both_bad as dropped or as a tie");
  ranking_tally out;
  const auto systems = static_cast<system_index>(votes.systems().size());
  for (system_index i = 0; i < systems; ++i) out.add_system(votes.systems().name(i));
  for (system_index b = 1; b < systems; ++b)
    for (system_index a = 0; a < b; ++a) {
      const auto& c = votes.pair(a, b);
      const std::uint64_t ties = c[2] + (both_bad == both_bad_policy::tie ? c[3] : 0);
      out.add({{{a}, {b}}, {}}, c[0]).value();
      out.add({{{b}, {a}}, {}}, c[1]).value();
      out.add({{{a, b}}, {}}, ties).value();
    }
  return out;
}

}  // namespace agon::ratings::ranking
