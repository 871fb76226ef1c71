// Boards as they are stored, for those who serve them. Implemented in
// services/store/postgres.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/boards/pair_counts.hpp"
#include "services/core/awaitable.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"

namespace agon::boards {

// Which board: "bradley_terry", and "" for all votes or a segment such as "language:en".
struct board_key {
  int arena = 0;
  std::string method;
  std::string segment;

  auto operator<=>(const board_key&) const = default;
};

struct stored_board {
  int arena = 0;
  std::string method;
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
  std::string segment{};
  time_point computed_at{};     // not told by notifications
  std::string inputs_sha256{};  // of lists of versions alone
};

// A board with what it was computed from, in one snapshot.
struct counted_board {
  std::optional<stored_board> board;
  std::vector<tally_row> tallies;  // of its segment
  std::vector<tally_row> overall;  // of all votes; empty if that is its segment
  // What it is held against: of a segment the same board of all votes, of style control the plain
  // one; nothing where there is none.
  std::optional<stored_board> base;
  std::vector<std::pair<int, std::string>> systems;
};

// How fast a system is, as last measured.
struct system_speed {
  std::string system;
  std::int64_t outputs = 0;   // that were shown in the last 30 days
  std::int64_t failures = 0;  // attempts that failed
  double seconds_median = 0;  // of generation
  double seconds_p90 = 0;
  std::optional<double> real_time_factor;  // generation over length of what was made
  time_point measured_at;
};

// A page of versions, newest first: those below `before`, if it is given.
struct version_query {
  std::optional<std::int64_t> before;
  int limit = 50;
};

// The newest board of each `step` between two moments.
struct history_query {
  time_point from;
  time_point to;
  std::chrono::seconds step{3600};
};

class board_store {
 public:
  virtual ~board_store() = default;
  // errc::not_found before the first.
  [[nodiscard]] virtual awaitable<result<stored_board>> newest(board_key key) = 0;
  // The board as kept of that moment: of each past hour the last one is. errc::not_found.
  [[nodiscard]] virtual awaitable<result<stored_board>> at(board_key key, time_point when) = 0;
  [[nodiscard]] virtual awaitable<result<std::vector<board_version>>> kept(board_key key,
                                                                           version_query query) = 0;
  // Oldest first.
  [[nodiscard]] virtual awaitable<result<std::vector<stored_board>>> history(
      board_key key, history_query query) = 0;
  // The newest version of every board and segment of an arena.
  [[nodiscard]] virtual awaitable<result<std::vector<board_version>>> current(int arena) = 0;
  // The newest version of every board of all votes, and of the segments that moved within
  // a day: what an event stream starts with.
  [[nodiscard]] virtual awaitable<result<std::vector<board_version>>> versions() = 0;
  [[nodiscard]] virtual awaitable<result<counted_board>> counted(board_key key) = 0;
  // By the name of the system.
  [[nodiscard]] virtual awaitable<result<std::vector<system_speed>>> speeds(int arena) = 0;
};

}  // namespace agon::boards
