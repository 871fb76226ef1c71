#include "services/outgoing/breaker.hpp"

#include <algorithm>

namespace agon::outgoing {

bool breaker::may_pass(time now) {
  if (!open_) return true;
  if (now < open_until_ || probing_) return false;
  probing_ = true;
  return true;
}

void breaker::succeeded() {
  open_ = probing_ = false;
  in_a_row_ = 0;
  open_for_ = limits_.first;
}

void breaker::failed(time now) {
  const bool was_probe = open_ && probing_;
  probing_ = false;
  ++in_a_row_;
  if (open_ && !was_probe) return;  // one that had started before it opened
  if (!open_ && in_a_row_ < limits_.failures) return;
  if (was_probe) open_for_ = std::min(open_for_ * 2, limits_.longest);
  open_ = true;
  open_until_ = now + open_for_;
}

std::optional<std::chrono::milliseconds> breaker::closed_for(time now) const {
  if (!open_ || now >= open_until_) return std::nullopt;
  return std::chrono::ceil<std::chrono::milliseconds>(open_until_ - now);
}

}  // namespace agon::outgoing
