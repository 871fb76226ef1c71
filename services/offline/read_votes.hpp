// The votes of a file: read, checked and counted, block by block on several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ratings/elo.hpp"
#include "ratings/tally.hpp"
#include "services/offline/vote_columns.hpp"

namespace agon::offline {

struct read_settings {
  vote_columns columns;                      // empty names are found, see find_columns()
  std::optional<ratings::elo_settings> elo;  // also play the votes in the file's order
  bool skip_unjudged = false;                // leave out rows whose outcome is empty or null
  std::size_t threads = 0;                   // that parse; 0: one per core
  // Told now and then, on the caller's thread: bytes read, and votes.
  std::function<void(std::uint64_t, std::uint64_t)> progress;
};

struct segment_votes {
  std::string name;
  ratings::tally votes;  // with the systems that the segment's votes name
  std::optional<ratings::elo_state> elo;
};

struct file_votes {
  ratings::tally votes;
  // By name. A vote whose segment is empty or null is in no segment.
  std::vector<segment_votes> segments;
  std::optional<ratings::elo_state> elo;
  std::uint64_t unjudged = 0;  // rows left out
};

// More values than this in the segment's column are refused: it is probably an id.
inline constexpr std::size_t most_segments = 1000;

// All or nothing: the first row that is malformed, names no system, a system against
// itself or an unknown outcome is refused with its line, and nothing is counted. So is a
// segment's column that no record has. Memory does not grow with the number of votes.
[[nodiscard]] files::checked<file_votes> read_votes(files::row_file& file,
                                                    const read_settings& settings = {});

}  // namespace agon::offline
