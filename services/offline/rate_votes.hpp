// The boards that a file's votes give.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/offline/print_boards.hpp"
#include "services/offline/read_votes.hpp"

namespace agon::offline {

enum class rating_method : std::uint8_t { elo, bradley_terry };

// As on the command line: "elo", "bradley-terry".
[[nodiscard]] std::optional<rating_method> rating_method_from_text(std::string_view text);
[[nodiscard]] std::vector<std::string> rating_method_texts();

struct rate_settings {
  rating_method method = rating_method::bradley_terry;
  ratings::both_bad_policy both_bad = ratings::both_bad_policy::drop;
  std::optional<ratings::score_anchor> anchor;
  double confidence = 0.95;
  double k = 4;  // of Elo
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

}  // namespace agon::offline
