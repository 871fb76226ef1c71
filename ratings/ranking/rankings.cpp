#include "ratings/ranking/rankings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"

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

ranking_tally ranking_tally::sorted() const {
  const auto order = names_.sorted();
  std::vector<system_index> place(order.size());
  ranking_tally out;
  for (const system_index i : order) place[i] = out.add_system(names_.name(i));
  const auto move = [&](std::vector<system_index>& systems) {
    for (system_index& i : systems) i = place[i];
  };
  for (const auto& [ranked, count] : counts_) {
    ranking r = ranked;
    for (auto& group : r.groups) move(group);
    move(r.below);
    out.add(std::move(r), count).value();
  }
  return out;
}

std::string ranking_tally::sha256() const {
  const ranking_tally by_name = sorted();
  nlohmann::json rankings = nlohmann::json::array();
  for (const auto& [r, count] : by_name.counts_) rankings.push_back({r.groups, r.below, count});
  nlohmann::json names = nlohmann::json::array();
  for (system_index i = 0; i < by_name.names_.size(); ++i) names.push_back(by_name.names_.name(i));
  return crypto::to_hex(crypto::bytes_of(crypto::sha256(
      crypto::canonical_json({{"rankings", std::move(rankings)}, {"systems", std::move(names)}}))));
}

tally ranking_tally::implied_pairs() const {
  tally out;
  for (system_index i = 0; i < names_.size(); ++i) out.add_system(names_.name(i));
  for (const auto& [r, count] : counts_) {
    std::vector<system_index> above;
    for (const auto& group : r.groups) {
      for (std::size_t i = 0; i < group.size(); ++i) {
        for (const system_index a : above) out.add(a, group[i], outcome::a, count);
        for (std::size_t j = 0; j < i; ++j) out.add(group[j], group[i], outcome::tie, count);
      }
      above.insert(above.end(), group.begin(), group.end());
    }
    for (const system_index b : r.below)
      for (const system_index a : above) out.add(a, b, outcome::a, count);
  }
  return out;
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
