#include "ratings/methods.hpp"

namespace agon::ratings {

board make_board(const tally& votes, const pairwise_settings& settings) {
  return make_pairwise_board(votes, settings);
}
board make_board(const weighted_tally& votes, const pairwise_settings& settings) {
  return make_pairwise_board(votes, settings);
}
board make_board(const vote_log& votes, std::span<const float> weights,
                 const pairwise_settings& settings) {
  return make_pairwise_board(votes, weights, settings);
}
board make_board(const vote_log& votes, std::span<const float> weights,
                 const contextual_settings& settings) {
  return make_contextual_board(votes, settings, weights);
}
board make_board(const tally& votes, const elo_state& elo) {
  return make_elo_board(votes, elo);
}

}  // namespace agon::ratings
