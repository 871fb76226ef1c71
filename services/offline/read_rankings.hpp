// The rankings of a file, one a record: "best > second = also second > last".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ratings/ranking/rankings.hpp"
#include "services/files/row_file.hpp"

namespace agon::offline {

struct ranking_columns {
  std::string ranking;
  std::string segment;  // empty: no segments
};

struct segment_rankings {
  std::string name;
  ratings::ranking::ranking_tally rankings;
};

struct file_rankings {
  ratings::ranking::ranking_tally all;
  std::vector<segment_rankings> segments;  // by name
  std::uint64_t unjudged = 0;              // records left out
};

// The names of one ranking, those that tie together: "a > b = c" gives {{a}, {b, c}}. Spaces
// around a name do not count; a name holds neither > nor =. Nothing for what is no ranking: an
// empty name, a name twice, fewer than two names.
[[nodiscard]] std::optional<std::vector<std::vector<std::string_view>>> parse_ranking(
    std::string_view text);

// All or nothing: the first record that holds no ranking is refused with its line, an empty one
// too unless `skip_unjudged`. So are a column that no record has, and too many systems or
// segments, as of votes. Memory grows with the number of different rankings.
[[nodiscard]] files::checked<file_rankings> read_rankings(files::row_file& file,
                                                          const ranking_columns& columns,
                                                          bool skip_unjudged = false);

}  // namespace agon::offline
