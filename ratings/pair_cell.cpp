#include "ratings/pair_cell.hpp"

#include "ratings/weighted_tally.hpp"

namespace agon::ratings {
namespace {

constexpr std::size_t tie_slot = static_cast<std::size_t>(outcome::tie);
constexpr std::size_t both_bad_slot = static_cast<std::size_t>(outcome::both_bad);

void apply(both_bad_policy policy, std::array<double, outcome_count>& sums) {
  if (policy == both_bad_policy::model) return;
  if (policy == both_bad_policy::tie) sums[tie_slot] += sums[both_bad_slot];
  sums[both_bad_slot] = 0;
}

}  // namespace

std::vector<pair_cell> cells_of(const tally& votes, both_bad_policy policy) {
  std::vector<pair_cell> out;
  votes.for_each_pair([&](system_index a, system_index b, const tally::cell& c) {
    pair_cell cell{a, b, {}, {}};
    for (std::size_t o = 0; o < outcome_count; ++o) cell.weight[o] = static_cast<double>(c[o]);
    apply(policy, cell.weight);
    cell.squared = cell.weight;
    if (cell.total() > 0) out.push_back(cell);
  });
  return out;
}

std::vector<pair_cell> cells_of(const weighted_tally& votes, both_bad_policy policy) {
  std::vector<pair_cell> out;
  for (const weighted_tally::pair_sums& p : votes.pairs()) {
    pair_cell cell{p.low, p.high, p.weight, p.squared};
    apply(policy, cell.weight);
    apply(policy, cell.squared);
    if (cell.total() > 0) out.push_back(cell);
  }
  return out;
}

std::vector<comparison> comparisons_of(std::span<const pair_cell> cells) {
  std::vector<comparison> out;
  out.reserve(cells.size());
  for (const pair_cell& c : cells)
    if (c.weight[0] + c.weight[1] + c.weight[2] > 0)
      out.push_back({c.a, c.b, c.weight[0], c.weight[1], c.weight[2]});
  return out;
}

}  // namespace agon::ratings
