#include "services/boards/pair_counts.hpp"

#include <stdexcept>
#include <unordered_map>

namespace agon::boards {

void pair_counts::add(int a, int b, ratings::outcome winner) {
  if (a > b) {
    std::swap(a, b);
    winner = ratings::mirrored(winner);
  }
  tally_row& row = rows_[{a, b}];
  row.system_a = a;
  row.system_b = b;
  switch (winner) {
    case ratings::outcome::a:
      ++row.wins_a;
      break;
    case ratings::outcome::b:
      ++row.wins_b;
      break;
    case ratings::outcome::tie:
      ++row.ties;
      break;
    case ratings::outcome::both_bad:
      ++row.both_bad;
      break;
  }
}

void pair_counts::add(const tally_row& row) {
  tally_row& sum = rows_[{row.system_a, row.system_b}];
  sum.system_a = row.system_a;
  sum.system_b = row.system_b;
  sum.wins_a += row.wins_a;
  sum.wins_b += row.wins_b;
  sum.ties += row.ties;
  sum.both_bad += row.both_bad;
}

void pair_counts::add(const pair_counts& other) {
  for (const auto& [pair, row] : other.rows_) add(row);
}

std::vector<tally_row> pair_counts::rows() const {
  std::vector<tally_row> out;
  out.reserve(rows_.size());
  for (const auto& [pair, row] : rows_) out.push_back(row);
  return out;
}

std::vector<tally_row> pair_counts::rows_of(const pair_counts& touched) const {
  std::vector<tally_row> out;
  out.reserve(touched.rows_.size());
  for (const auto& [pair, row] : touched.rows_) out.push_back(rows_.at(pair));
  return out;
}

ratings::tally to_tally(const std::vector<tally_row>& rows,
                        const std::vector<std::pair<int, std::string>>& systems) {
  using ratings::outcome;
  ratings::tally votes;
  std::unordered_map<int, ratings::system_index> index;
  for (const auto& [id, slug] : systems) index.emplace(id, votes.add_system(slug));
  const auto place = [&](int id) {
    const auto it = index.find(id);
    if (it == index.end())
      throw std::runtime_error("a tally names a system that its arena does not have");
    return it->second;
  };
  for (const tally_row& row : rows) {
    const auto a = place(row.system_a);
    const auto b = place(row.system_b);
    votes.add(a, b, outcome::a, static_cast<std::uint64_t>(row.wins_a));
    votes.add(a, b, outcome::b, static_cast<std::uint64_t>(row.wins_b));
    votes.add(a, b, outcome::tie, static_cast<std::uint64_t>(row.ties));
    votes.add(a, b, outcome::both_bad, static_cast<std::uint64_t>(row.both_bad));
  }
  return votes;
}

}  // namespace agon::boards
