// Waiting times between attempts to connect again.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "privacy/crypto/random.hpp"

namespace agon::store {

struct backoff_limits {
  std::chrono::milliseconds first{50};
  std::chrono::milliseconds longest{2000};
};

// Doubles from `first` to `longest`, each time a random share of 50 to 100 %, so that
// servers that lost the same database do not come back in step. Belongs to one thread.
class backoff {
 public:
  backoff(backoff_limits limits, crypto::random_source& random)
      : limits_(limits), random_(random), next_(limits.first) {}

  [[nodiscard]] std::chrono::milliseconds next() {
    const auto whole = next_;
    next_ = std::min(next_ * 2, limits_.longest);
    const auto half = static_cast<std::uint64_t>(std::max<std::int64_t>(1, whole.count() / 2));
    return std::chrono::milliseconds{static_cast<std::int64_t>(half + random_.below(half + 1))};
  }
  void reset() { next_ = limits_.first; }

 private:
  backoff_limits limits_;
  crypto::random_source& random_;
  std::chrono::milliseconds next_;
};

}  // namespace agon::store
