// The votes of a file: read, checked and counted, block by block on several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ratings/elo.hpp"
#include "ratings/tally.hpp"
#include "ratings/vote_log.hpp"
#include "services/offline/vote_columns.hpp"

namespace agon::offline {

struct read_settings {
  vote_columns columns;                      // empty names are found, see find_columns()
  std::optional<ratings::elo_settings> elo;  // also play the votes in the file's order
  bool log = false;                          // also keep the votes one by one
  std::vector<feature_columns> features;     // kept in the log
  bool skip_unjudged = false;                // leave out rows whose outcome is empty or null
  std::size_t threads = 0;                   // that parse; 0: one per core
  // Told now and then, on the caller's thread: bytes read, and votes.
  std::function<void(std::uint64_t, std::uint64_t)> progress;
};

struct segment_votes {
  std::string name;
  ratings::tally votes;  // with the systems that the segment's votes name
  std::optional<ratings::elo_state> elo;
  std::optional<ratings::vote_log> log;
};

struct file_votes {
  ratings::tally votes;
  // By name. A vote whose segment is empty or null is in no segment.
  std::vector<segment_votes> segments;
  std::optional<ratings::elo_state> elo;
  std::optional<ratings::vote_log> log;
  std::uint64_t unjudged = 0;  // rows left out
};

// More values than this in the segment's column are refused: it is probably an id.
inline constexpr std::size_t most_segments = 1000;

// All or nothing: the first row that is malformed, names no system, a system against
// itself or an unknown outcome is refused with its line, and nothing is counted. So is a
// segment's column that no record has; of features, what is no finite number, or a negative
// one of two. Memory does not grow with the number of votes but for the log, which takes 5
// bytes a vote and 4 for each feature, and as much again for those in segments.
[[nodiscard]] files::checked<file_votes> read_votes(files::row_file& file,
                                                    const read_settings& settings = {});

}  // namespace agon::offline
