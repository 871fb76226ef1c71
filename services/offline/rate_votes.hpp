// The boards that a file's votes give.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ratings/methods.hpp"
#include "services/offline/print_boards.hpp"
#include "services/offline/read_rankings.hpp"
#include "services/offline/read_votes.hpp"

namespace agon::offline {

struct rate_settings {
  ratings::method method = ratings::method::bradley_terry;
  std::optional<ratings::both_bad_policy> both_bad;  // absent: the method's own
  std::optional<ratings::score_anchor> anchor;
  double confidence = 0.95;
  bool simultaneous = false;
  ratings::bootstrap_settings bootstrap;  // by battle
  double k = 4;                           // of Elo
  std::vector<feature_columns> features;  // of the contextual method
  bool side_bias = true;                  // likewise
};

// Nothing, or why these settings do not go together or are out of range, in words for
// the command line.
[[nodiscard]] std::optional<std::string> check(const rate_settings& settings);

// What reading has to keep for this method.
[[nodiscard]] read_settings needed_by(const rate_settings& settings);

// The board of all votes, then one per segment by name. Refused: no votes at all, and an
// anchor that no vote names. `votes` were read as needed_by() says.
[[nodiscard]] files::checked<std::vector<named_board>> rate_votes(const file_votes& votes,
                                                                  const rate_settings& settings);

// The same of rankings, by Plackett–Luce.
[[nodiscard]] files::checked<std::vector<named_board>> rate_rankings(const file_rankings& rankings,
                                                                     const rate_settings& settings);

}  // namespace agon::offline
