// Votes counted per pair of systems, by their numbers in the database: only the pairs that
// met, so that thousands of segments fit into memory.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ratings/outcome.hpp"
#include "ratings/tally.hpp"

namespace agon::boards {

struct tally_row {
  int system_a = 0;  // system_a < system_b
  int system_b = 0;
  std::int64_t wins_a = 0, wins_b = 0, ties = 0, both_bad = 0;

  bool operator==(const tally_row&) const = default;
};

class pair_counts {
 public:
  // A vote, seen with `a` in the first slot.
  void add(int a, int b, ratings::outcome winner);
  void add(const tally_row& row);
  void add(const pair_counts& other);

  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::size_t pairs() const { return rows_.size(); }
  [[nodiscard]] std::vector<tally_row> rows() const;
  // The rows of those pairs that `touched` has, too.
  [[nodiscard]] std::vector<tally_row> rows_of(const pair_counts& touched) const;

 private:
  std::map<std::pair<int, int>, tally_row> rows_;
};

// As the fits want it, with all `systems` (id, slug) registered in the order given. Throws
// std::runtime_error for a row that names another system.
[[nodiscard]] ratings::tally to_tally(const std::vector<tally_row>& rows,
                                      const std::vector<std::pair<int, std::string>>& systems);

}  // namespace agon::boards
