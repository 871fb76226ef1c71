// How often something may begin: pure, time is given.
#pragma once

#include <algorithm>
#include <chrono>

namespace agon::systems {

// The generic cell rate algorithm: `per_minute` on average, and up to ten seconds' worth at
// once. 0: no limit. Belongs to one strand.
class rate {
 public:
  using time = std::chrono::steady_clock::time_point;
  explicit rate(double per_minute) {
    using namespace std::chrono;
    if (per_minute <= 0) return;
    interval_ = duration_cast<steady_clock::duration>(duration<double>(60.0 / per_minute));
    burst_ = std::max(steady_clock::duration{}, steady_clock::duration(seconds(10)) - interval_);
  }

  // Takes the next place, and says how long it is until then.
  [[nodiscard]] std::chrono::steady_clock::duration take(time now) {
    const time due = std::max(next_, now);
    next_ = due + interval_;
    return std::max(std::chrono::steady_clock::duration{}, due - burst_ - now);
  }
  // Gives the last place back.
  void give_back() { next_ -= interval_; }

 private:
  std::chrono::steady_clock::duration interval_{};
  std::chrono::steady_clock::duration burst_{};
  time next_{};
};

}  // namespace agon::systems
