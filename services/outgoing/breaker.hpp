// Keeps away from an endpoint that fails again and again. Pure: time is given.
#pragma once

#include <chrono>
#include <optional>

namespace agon::outgoing {

struct breaker_limits {
  unsigned failures = 5;                       // in a row, until it opens
  std::chrono::milliseconds first{5'000};      // how long it stays open
  std::chrono::milliseconds longest{300'000};  // doubles up to this with each failed probe
};

// Closed: all may pass. Open: nobody may. After its time one may pass as a probe: its
// success closes the breaker, its failure opens it for twice as long. Belongs to one
// strand.
class breaker {
 public:
  using time = std::chrono::steady_clock::time_point;
  explicit breaker(breaker_limits limits) : limits_(limits), open_for_(limits.first) {}

  // True if a request may go out now; whoever gets true tells how it went with one of the
  // three functions below.
  [[nodiscard]] bool may_pass(time now);
  void succeeded();
  void failed(time now);
  // It ended without saying anything about the endpoint: cancelled, or refused by us.
  void gave_up() { probing_ = false; }

  // Nothing while it is closed, or a probe may pass.
  [[nodiscard]] std::optional<std::chrono::milliseconds> closed_for(time now) const;

 private:
  breaker_limits limits_;
  std::chrono::milliseconds open_for_;
  unsigned in_a_row_ = 0;
  time open_until_{};
  bool open_ = false;
  bool probing_ = false;
};

}  // namespace agon::outgoing
