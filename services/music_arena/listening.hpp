// Music Arena's listening data as exposure events.
#pragma once

#include <span>
#include <vector>

#include "services/arena/exposure.hpp"
#include "services/music_arena/messages.hpp"

namespace agon::music_arena {

// Their events have times and no position. It is taken from the time that playing was on since
// the beginning, and goes back to it where the end was reached (STOP): so whoever listens to the
// same again is credited once, as by Agon's own players. What this claims is credited as far as
// the server's clock allows (services/arena/attention_budget.hpp). Sequences are even for side a
// and odd for side b, so that the same data sent again is known.
[[nodiscard]] std::vector<arena::exposure_event> exposures_of(std::span<const listen_event> a,
                                                              std::span<const listen_event> b);

}  // namespace agon::music_arena
