#include "services/arena/exposure.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace agon::arena {
namespace {

// How much further a player may be than its own clock says: coarse timers, and the
// clock's resolution.
constexpr double tolerance_seconds = 0.35;

// Whoever speeds playback up still hears; faster than this nobody makes out much.
constexpr double fastest_playback = 2;

struct stretch {
  double from;
  double to;
};

double covered(std::vector<stretch> stretches) {
  std::sort(stretches.begin(), stretches.end(),
            [](const stretch& x, const stretch& y) { return x.from < y.from; });
  double total = 0;
  double reached = 0;
  for (const stretch& s : stretches) {
    const double from = std::max(s.from, reached);
    if (s.to > from) {
      total += s.to - from;
      reached = s.to;
    }
  }
  return total;
}

std::vector<exposure_event> in_sequence(std::span<const exposure_event> events, int slot) {
  std::vector<exposure_event> own;
  for (const exposure_event& e : events)
    if (e.slot == slot) own.push_back(e);
  std::sort(own.begin(), own.end(), [](const exposure_event& x, const exposure_event& y) {
    return x.sequence < y.sequence;
  });
  return own;
}

}  // namespace

std::string_view name_of(exposure_kind k) {
  switch (k) {
    case exposure_kind::play:
      return "play";
    case exposure_kind::pause:
      return "pause";
    case exposure_kind::seek:
      return "seek";
    case exposure_kind::tick:
      return "tick";
    case exposure_kind::ended:
      return "ended";
    case exposure_kind::visible:
      return "visible";
    case exposure_kind::scroll:
      return "scroll";
    case exposure_kind::hidden:
      return "hidden";
  }
  return "tick";
}

double heard_seconds(std::span<const exposure_event> events, int slot, double media_seconds) {
  const std::vector<exposure_event> own = in_sequence(events, slot);
  std::vector<stretch> heard;
  bool playing = false;
  const exposure_event* last = nullptr;
  for (const exposure_event& e : own) {
    if (last != nullptr && last->sequence == e.sequence) continue;
    const bool carries_on = e.kind == exposure_kind::tick || e.kind == exposure_kind::pause ||
                            e.kind == exposure_kind::ended;
    if (last != nullptr && playing && carries_on) {
      const double elapsed = std::chrono::duration<double>(e.client_at - last->client_at).count();
      const double played = e.position - last->position;
      if (played > 0 && played <= elapsed * fastest_playback + tolerance_seconds)
        heard.push_back({last->position, std::min(e.position, media_seconds)});
    }
    if (e.kind == exposure_kind::play || e.kind == exposure_kind::tick) playing = true;
    if (e.kind == exposure_kind::pause || e.kind == exposure_kind::ended) playing = false;
    last = &e;
  }
  return std::min(covered(std::move(heard)), media_seconds);
}

double seen_seconds(std::span<const exposure_event> events, int slot) {
  double total = 0;
  bool visible = false;
  std::optional<exposure_event> last;
  for (const exposure_event& e : in_sequence(events, slot)) {
    if (last && last->sequence == e.sequence) continue;
    if (last && visible) {
      const double passed = std::chrono::duration<double>(e.client_at - last->client_at).count();
      if (passed > 0 && passed <= longest_look) total += passed;
    }
    if (e.kind == exposure_kind::visible) visible = true;
    if (e.kind == exposure_kind::hidden) visible = false;
    last = e;
  }
  return total;
}

}  // namespace agon::arena
