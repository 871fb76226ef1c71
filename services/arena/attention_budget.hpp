// How much listening one person can have done: nobody hears two things at once, and nobody
// hears longer than time has passed, whatever a page says.
#pragma once

#include <span>
#include <vector>

#include "services/core/clock.hpp"

namespace agon::arena {

// What a participant's battle has been credited with so far.
struct attention_paid {
  time_point ready_at;  // nothing could be heard before
  double seconds = 0;
};

// The most seconds that a battle, ready at `ready_at`, can be credited with at `now`, beside
// what the participant's other battles were credited with: all of it must fit between the
// moments at which the battles were ready and now. So for every moment r from which on other
// battles were ready, what they and this one are credited with is at most now − r, with
// `attention_tolerance` for clocks and frames. By the server's clock alone, so that nothing
// a client says about times matters; never less than a person who listens to one side at a
// time has really heard. O(n log n).
inline constexpr double attention_tolerance = 0.5;
[[nodiscard]] double most_attention(time_point ready_at, time_point now,
                                    std::span<const attention_paid> others);

// What the sides of a battle are credited with: what is claimed, but no side less than
// `before`, and in all no more than `budget`. `in_turn`: the sides are heard one after the
// other, and their seconds add up; else they are seen beside each other. What does not fit
// now is credited later, when time has passed and exposures come again.
[[nodiscard]] std::vector<double> credited(std::span<const double> claimed,
                                           std::span<const double> before, double budget,
                                           bool in_turn);

}  // namespace agon::arena
