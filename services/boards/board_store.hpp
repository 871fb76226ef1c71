// Votes in, boards out. Implemented in services/store/postgres.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ratings/outcome.hpp"
#include "services/core/awaitable.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"

namespace agon::boards {

struct stored_board {
  int arena = 0;
  std::string method;  // bradley_terry, elo
  std::string segment;
  std::int64_t version = 0;
  time_point computed_at;
  std::int64_t votes = 0;
  std::string inputs_sha256;  // hexadecimal
  std::string body;           // canonical JSON of ratings/board.hpp
};

struct board_version {
  int arena = 0;
  std::string method;
  std::int64_t version = 0;
  std::int64_t votes = 0;
};

class board_store {
 public:
  virtual ~board_store() = default;
  // The newest board. errc::not_found before the first.
  [[nodiscard]] virtual awaitable<result<stored_board>> newest(int arena, std::string method) = 0;
  // The newest version of every board: what an event stream starts with.
  [[nodiscard]] virtual awaitable<result<std::vector<board_version>>> versions() = 0;
};

// One vote as a rating needs it, in the order of commit.
struct counted_vote {
  int arena = 0;
  int system_a = 0;
  int system_b = 0;
  ratings::outcome winner = ratings::outcome::tie;
};

struct tally_row {
  int system_a = 0;
  int system_b = 0;
  std::int64_t wins_a = 0, wins_b = 0, ties = 0, both_bad = 0;
};

struct rating_progress {
  int arena = 0;
  std::uint64_t watermark = 0;  // every transaction below it is counted
  std::string elo;              // resumable state; empty at the start
  std::int64_t votes = 0;
  std::vector<tally_row> tallies;
};

// The rating job's view. Blocking, on the job's own thread and connection; throws
// std::runtime_error when PostgreSQL is away: the job's loop connects again.
class rating_store {
 public:
  virtual ~rating_store() = default;

  // True while this process holds the cluster-wide lock of the rating job; tries to
  // take it if not.
  [[nodiscard]] virtual bool elected() = 0;
  // Arena ids with the slugs of all their systems, the inactive ones too.
  struct rated_arena {
    int arena = 0;
    std::string slug;
    std::vector<std::pair<int, std::string>> systems;
  };
  [[nodiscard]] virtual std::vector<rated_arena> arenas() = 0;
  [[nodiscard]] virtual rating_progress progress(int arena) = 0;
  // The oldest transaction that may still be running: a safe end of the next range.
  [[nodiscard]] virtual std::uint64_t horizon() = 0;
  // Calls back for each vote of transactions [from, to), ordered by (transaction,
  // battle id). Votes of participants who did not agree to be counted are left out.
  virtual void read_votes(int arena, std::uint64_t from, std::uint64_t to,
                          const std::function<void(const counted_vote&)>& each) = 0;
  // Writes progress and boards in one transaction and notifies the servers. False,
  // and nothing written, if the stored watermark is not `expected_watermark`: another
  // job has been here. Versions are given by the store.
  [[nodiscard]] virtual bool publish(std::uint64_t expected_watermark, const rating_progress& p,
                                     const std::vector<stored_board>& boards) = 0;
};

}  // namespace agon::boards
