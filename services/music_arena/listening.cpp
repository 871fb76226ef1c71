#include "services/music_arena/listening.hpp"

#include <algorithm>
#include <cmath>

namespace agon::music_arena {
namespace {

constexpr double longest_position = 36'000;  // as of Agon's own clients

time_point moment(double unix_seconds) {
  return time_point{
      std::chrono::microseconds{static_cast<std::int64_t>(std::llround(unix_seconds * 1e6))}};
}

void add_side(std::span<const listen_event> events, int slot,
              std::vector<arena::exposure_event>& out) {
  double position = 0;
  double last = 0;
  bool playing = false;
  int sequence = slot;
  for (const listen_event& e : events) {
    if (playing && e.kind != arena::exposure_kind::play)
      position = std::min(position + std::max(e.at - last, 0.0), longest_position);
    arena::exposure_event made;
    made.sequence = sequence;
    made.slot = slot;
    made.kind = e.kind;
    made.position = position;
    made.client_at = moment(e.at);
    out.push_back(made);
    sequence += 2;
    playing = e.kind == arena::exposure_kind::play || e.kind == arena::exposure_kind::tick;
    if (e.kind == arena::exposure_kind::ended) position = 0;
    last = e.at;
  }
}

}  // namespace

std::vector<arena::exposure_event> exposures_of(std::span<const listen_event> a,
                                                std::span<const listen_event> b) {
  std::vector<arena::exposure_event> out;
  out.reserve(a.size() + b.size());
  add_side(a, 0, out);
  add_side(b, 1, out);
  return out;
}

}  // namespace agon::music_arena
