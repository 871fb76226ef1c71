// Plackett–Luce's board.
#pragma once

#include "ratings/board.hpp"
#include "ratings/ranking/plackett_luce.hpp"

namespace agon::ratings::ranking {

// An entry's counts are of the pairs that the rankings imply, its wins over systems that
// stood below; `votes` of the board are rankings. Parameters are log δ of the sizes of ties.
// Neither the order of the rankings nor that of the systems changes the board. Throws
// std::invalid_argument for settings out of range.
[[nodiscard]] board make_plackett_luce_board(const ranking_tally& rankings,
                                             const plackett_luce_settings& settings = {});
// Of pairwise votes, which are rankings of two; the counts include both_bad. Throws
// std::invalid_argument for the policy `model`, too.
[[nodiscard]] board make_plackett_luce_board(const tally& votes, both_bad_policy both_bad,
                                             const plackett_luce_settings& settings = {});

}  // namespace agon::ratings::ranking
