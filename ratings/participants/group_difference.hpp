// How the board of a group of participants (or of any part of the votes: a language, a
// category) differs from the board of all, with intervals that know that the part is in the
// whole.
//
// Both boards are Bradley–Terry. θ̂_part − θ̂_all moves with a vote of the part by
// (H_part⁻¹ r_part − H_all⁻¹ r_all) d and with any other vote by −H_all⁻¹ r_all d, r the
// vote's residual on that board; the sum of squares of these is the sandwich variance.
#pragma once

#include <vector>

#include "ratings/bradley_terry.hpp"
#include "ratings/tally.hpp"

namespace agon::ratings::participants {

struct difference_settings {
  both_bad_policy both_bad = both_bad_policy::drop;  // or tie
  double confidence = 0.95;                          // of each interval by itself
  // Where the model's own error of the difference is above this many points, the wider of
  // it and the sandwich is taken, as in bradley_terry_settings.
  double small_sample_error = 50;
};

struct score_difference {
  // `rated` if both boards rate the system; else the part's reason, or the whole's.
  rating_status status = rating_status::no_votes;
  // In points, 0 unless rated. Positive: the part likes it better than all do. Both scores
  // have mean 1000 over the systems that both boards rate, so differences sum to zero.
  double part = 0;
  double all = 0;
  double difference = 0;
  double standard_error = 0;
  double lower = 0;
  double upper = 0;
};

struct board_difference {
  std::vector<score_difference> systems;  // by system index of `all`
  std::uint64_t rated = 0;
  std::uint64_t distinct = 0;  // rated systems whose interval leaves out zero
};

// `part` are some of the votes of `all`. Throws std::invalid_argument if it has a system or
// a vote that `all` has not, or for settings out of range. O(M³ + pairs · M).
[[nodiscard]] board_difference compare_to_all(const tally& all, const tally& part,
                                              const difference_settings& settings = {});

}  // namespace agon::ratings::participants
