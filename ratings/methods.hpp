// One door to all methods: from the method's name, votes and settings to a board. The
// board functions of board.hpp are behind it.
#pragma once

#include "ratings/board.hpp"
#include "ratings/contextual.hpp"
#include "ratings/elo.hpp"
#include "ratings/method.hpp"
#include "ratings/pairwise.hpp"

namespace agon::ratings {

// The board of a method whose input is a tally (input_of(settings.method)); see
// make_pairwise_board. Throws std::invalid_argument for another method, or settings out of
// their ranges.
[[nodiscard]] board make_board(const tally& votes, const pairwise_settings& settings);
[[nodiscard]] board make_board(const weighted_tally& votes, const pairwise_settings& settings);
// Of a log, whose weights may be empty; the one for bootstraps by participant.
[[nodiscard]] board make_board(const vote_log& votes, std::span<const float> weights,
                               const pairwise_settings& settings);
[[nodiscard]] board make_board(const vote_log& votes, std::span<const float> weights,
                               const contextual_settings& settings);
// Elo's board; `votes` gives the counts beside the scores.
[[nodiscard]] board make_board(const tally& votes, const elo_state& elo);

}  // namespace agon::ratings
