#include "services/arena/attention_budget.hpp"

#include <algorithm>
#include <numeric>

namespace agon::arena {

double most_attention(time_point ready_at, time_point now, std::span<const attention_paid> others) {
  const auto passed_since = [now](time_point t) {
    return std::chrono::duration<double>(now - t).count();
  };
  // From the newest to the oldest: what was ready since then, and the room that it leaves.
  std::vector<attention_paid> by_age(others.begin(), others.end());
  std::sort(by_age.begin(), by_age.end(), [](const attention_paid& x, const attention_paid& y) {
    return x.ready_at > y.ready_at;
  });
  double paid = 0;
  auto next = by_age.begin();
  for (; next != by_age.end() && next->ready_at >= ready_at; ++next) paid += next->seconds;
  double room = passed_since(ready_at) - paid;
  for (; next != by_age.end(); ++next) {
    paid += next->seconds;
    room = std::min(room, passed_since(next->ready_at) - paid);
  }
  return std::max(0.0, room + attention_tolerance);
}

std::vector<double> credited(std::span<const double> claimed, std::span<const double> before,
                             double budget, bool in_turn) {
  std::vector<double> out(before.begin(), before.end());
  out.resize(claimed.size());
  double left = budget - std::accumulate(out.begin(), out.end(), 0.0);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double room = in_turn ? left : budget - out[i];
    const double more = std::clamp(claimed[i] - out[i], 0.0, std::max(0.0, room));
    out[i] += more;
    left -= more;
  }
  return out;
}

}  // namespace agon::arena
