// What was played or stood on the screen, and how much of it counts as heard or seen. One
// definition, used by the gate and by the release alike.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "services/core/clock.hpp"

namespace agon::arena {

enum class exposure_kind {
  play,
  pause,
  seek,
  tick,
  ended,
  visible,  // a text or a picture came on the screen, in a page that is in front
  scroll,   // and was moved there
  hidden,
};
[[nodiscard]] std::string_view name_of(exposure_kind k);

struct exposure_event {
  int sequence = 0;
  int slot = 0;
  exposure_kind kind = exposure_kind::play;
  // Seconds into the output; of what is seen, how far down its end the screen was, 0 to 1.
  double position = 0;
  time_point client_at;    // by the client's clock
  time_point received_at;  // by the server's
};

// Distinct seconds of one slot's output that were played.
//
// Between two events of a slot in order of `sequence`, the stretch from the first
// position to the second counts if playing was on, if it goes forward, and if it is no
// longer than the client's clock allows at twice the speed (with a tolerance for coarse
// ticks). Stretches that overlap count once. Events may come in any order and twice. What
// this claims is credited as far as the server's own clock allows: attention_budget.hpp.
[[nodiscard]] double heard_seconds(std::span<const exposure_event> events, int slot,
                                   double media_seconds);

// Seconds in which one slot's output was on the screen.
//
// Between two events of a slot in order of `sequence`, the time between them by the
// client's clock counts if the output was visible after the first. Between two events that
// are further apart than `longest_look` nothing counts: the page ticks more often, so it
// slept. Events may come in any order and twice.
inline constexpr double longest_look = 5;
[[nodiscard]] double seen_seconds(std::span<const exposure_event> events, int slot);

}  // namespace agon::arena
