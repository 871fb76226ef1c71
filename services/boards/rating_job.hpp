// The rating job: new votes → tallies → boards, of all votes and of each segment. One
// process of a deployment runs it, elected by a lock in PostgreSQL; any other may take
// over at any line.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "ratings/board_plan.hpp"
#include "services/boards/kept_votes.hpp"
#include "services/boards/rating_store.hpp"
#include "services/core/clock.hpp"

namespace agon::boards {

struct step_report {
  bool elected = false;
  std::int64_t new_votes = 0;  // counted in this step; after a rebuild all
  int boards = 0;              // published: those whose bytes changed
};

// When boards move. A board that moves with every vote tells whoever watches it the moment, the
// pair and the outcome of each; where few people vote, that is more than a release tells.
struct publishing_rule {
  // With so many new votes, or when the boards have not moved for so long and there is one.
  std::int64_t votes = 1;
  std::chrono::seconds interval{0};
};

class rating_job {
 public:
  rating_job(rating_store& store, clock_source& clock, publishing_rule rule = {})
      : store_(store), clock_(clock), rule_(rule) {}

  // Counts what was committed since the last step and publishes the boards that moved.
  // Reads from the stored watermark to the oldest transaction still running, so no
  // vote is missed however commits interleave, and none is counted twice: progress,
  // tallies and boards become durable together. Where the rules of counting have changed
  // (the arena's boards, who is in quarantine) the arena is counted afresh. Throws what
  // the store throws; the next step starts from what is stored.
  step_report step() { return run(false); }

  // Counts every vote afresh, whatever is stored. The boards have the bytes that steps
  // would have given: none is published if all was well.
  step_report rebuild() { return run(true); }

  // Measures how fast systems are. Does nothing unless elected.
  void measure_speed();

 private:
  struct arena_state {
    std::uint64_t stored_watermark = 0;  // as in the store
    std::uint64_t watermark = 0;         // counted up to here, in memory
    bool afresh = false;                 // nothing that is stored is of use
    std::int64_t votes = 0;
    std::string counted_as, published_as;
    ratings::board_plan plan;
    ratings::elo_state elo;
    std::map<std::string, pair_counts> segments;  // those in memory; "" for all votes
    kept_votes rows{kept_columns{}};              // where the plan has boards made of them
    std::vector<std::pair<int, std::string>> systems;
  };
  using changes = std::map<std::string, pair_counts>;  // what was added, by segment

  step_report run(bool rebuild);
  int update(const rated_arena& arena, std::uint64_t horizon, bool rebuild,
             std::int64_t& new_votes);
  arena_state load(const rated_arena& arena, bool rebuild);
  // Reads the votes below the watermark again if the plan's boards need more of them than is kept.
  void keep_rows(arena_state& state, const rated_arena& arena);
  changes count(arena_state& state, const rated_arena& arena, std::uint64_t horizon,
                std::int64_t& counted);
  pair_counts& segment_of(arena_state& state, int arena, const std::string& segment);
  std::vector<stored_board> boards_of(arena_state& state, int arena,
                                      const std::set<std::string>& segments);

  // Whether the arena's new votes are to be counted now.
  bool due(const rated_arena& arena, std::uint64_t from, std::uint64_t horizon);

  rating_store& store_;
  clock_source& clock_;
  publishing_rule rule_;
  std::map<int, time_point> published_;  // when an arena's boards moved, as far as this job knows
  std::map<int, arena_state> arenas_;
  bool elected_ = false;
};

}  // namespace agon::boards
