// What was played, and how much of it counts as heard. One definition, used by the
// gate and by the release alike.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "services/core/clock.hpp"

namespace agon::arena {

enum class exposure_kind { play, pause, seek, tick, ended };
[[nodiscard]] std::string_view name_of(exposure_kind k);

struct exposure_event {
  int sequence = 0;
  int slot = 0;
  exposure_kind kind = exposure_kind::play;
  double position = 0;     // seconds into the output
  time_point client_at;    // by the client's clock
  time_point received_at;  // by the server's
};

// Distinct seconds of one slot's output that were played.
//
// Between two events of a slot in order of `sequence`, the stretch from the first
// position to the second counts if playing was on, if it goes forward, and if it is no
// longer than the client's clock allows (with a tolerance for coarse ticks). Stretches
// that overlap count once. Events may come in any order and twice.
[[nodiscard]] double heard_seconds(std::span<const exposure_event> events, int slot,
                                   double media_seconds);

}  // namespace agon::arena
