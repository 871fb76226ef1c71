// What the rating job has counted, for choosing battles. Implemented in
// services/store/postgres.
#pragma once

#include <cstdint>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"

namespace agon::arena {

struct pair_tally {
  int system_a = 0;
  int system_b = 0;
  std::int64_t wins_a = 0, wins_b = 0, ties = 0, both_bad = 0;
};

class tally_source {
 public:
  virtual ~tally_source() = default;
  // All pairs of the arena's main board that have votes.
  [[nodiscard]] virtual awaitable<result<std::vector<pair_tally>>> tallies(int arena) = 0;
};

}  // namespace agon::arena
