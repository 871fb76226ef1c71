// The rating job: new votes → tallies → boards. One process of a deployment runs it,
// elected by a lock in PostgreSQL; any other may take over at any line.
#pragma once

#include <map>
#include <optional>

#include "ratings/board.hpp"
#include "services/boards/board_store.hpp"
#include "services/core/clock.hpp"

namespace agon::boards {

struct step_report {
  bool elected = false;
  std::int64_t new_votes = 0;
  int boards = 0;  // published
};

class rating_job {
 public:
  rating_job(rating_store& store, clock_source& clock) : store_(store), clock_(clock) {}

  // Counts what was committed since the last step and publishes the boards that moved.
  // Reads from the stored watermark to the oldest transaction still running, so no
  // vote is missed however commits interleave, and none is counted twice: progress and
  // boards become durable together. Throws what the store throws; the next step starts
  // from what is stored.
  step_report step();

 private:
  struct arena_state {
    std::uint64_t stored_watermark = 0;  // as in the store
    std::uint64_t watermark = 0;         // counted up to here, in memory
    ratings::tally votes;
    ratings::elo_state elo;
    std::vector<std::pair<int, std::string>> systems;
    bool published = false;
  };

  int update(const rating_store::rated_arena& arena, std::uint64_t horizon,
             std::int64_t& new_votes);
  arena_state load(const rating_store::rated_arena& arena);

  rating_store& store_;
  clock_source& clock_;
  std::map<int, arena_state> arenas_;
};

}  // namespace agon::boards
