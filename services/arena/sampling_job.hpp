// Keeps the gains of every arena fresh: computed again when votes were counted, or when
// another version of the arena came into force.
#pragma once

#include <map>
#include <utility>

#include "services/arena/arena_catalog.hpp"
#include "services/arena/board_gains.hpp"
#include "services/arena/tally_source.hpp"

namespace agon::arena {

class sampling_job {
 public:
  sampling_job(const arena_catalog& arenas, tally_source& tallies, board_gains& gains)
      : arenas_(arenas), tallies_(tallies), gains_(gains) {}

  // Looks at each arena once; the number of those whose gains were computed. An arena whose
  // tallies cannot be read keeps its last gains. One call at a time, off the I/O threads.
  [[nodiscard]] awaitable<std::size_t> refresh();

 private:
  const arena_catalog& arenas_;
  tally_source& tallies_;
  board_gains& gains_;
  std::map<int, std::pair<int, std::int64_t>> seen_;  // arena → version, votes
};

}  // namespace agon::arena
