// How often somebody may do something.
#pragma once

#include <string>
#include <string_view>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"

namespace agon::integrity {

// A token bucket: `burst` at once, refilled at `per_minute`.
struct limit {
  double burst = 1;
  double per_minute = 1;
};

// A person listens for at least several seconds per battle.
inline constexpr limit battles_per_participant{10, 20};
// A school or an office behind one address.
inline constexpr limit battles_per_address{60, 120};
// A page sends once a second, and at once when somebody presses a button. Each call counts
// all that was heard of its battle, which is dear when that is much.
inline constexpr limit exposures_per_participant{60, 180};
inline constexpr limit exposures_per_address{600, 3000};
// Each makes a session or adds a row for ever; a class of pupils begins at once.
inline constexpr limit consents_per_address{120, 60};
// Links of 256 bits cannot be guessed; this keeps those who try off the database.
inline constexpr limit links_per_address{60, 30};
// To read everything that somebody gave is a lot of reading.
inline constexpr limit exports_per_participant{5, 1};
inline constexpr limit rights_per_participant{30, 30};

class rate_limiter {
 public:
  virtual ~rate_limiter() = default;
  // Takes one token of `key` within `scope`. errc::too_many_requests with retry_after if
  // there is none. Keys are kept as hashes only. Never fails for want of Redis: then the
  // process counts alone. Safe from any thread.
  [[nodiscard]] virtual awaitable<result<void>> take(std::string_view scope, std::string key,
                                                     limit allowed) = 0;
};

}  // namespace agon::integrity
