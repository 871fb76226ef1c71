// What is not needed any more is deleted: by the arena files' rules, in bounded batches, by one
// process at a time. Where it was stopped it goes on.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"
#include "services/participants/sessions.hpp"

namespace agon::participants {

enum class retained {
  exposures,  // what was played or shown, event by event
  unjudged,   // battles without a vote, and all that hangs on them
  idle,       // participants without a battle whose session is over; of no arena
};
inline constexpr std::array every_retained{retained::exposures, retained::unjudged, retained::idle};
[[nodiscard]] std::string_view name_of(retained what);

// Implemented in services/store/postgres, under the role agon_rights.
class retention_store {
 public:
  virtual ~retention_store() = default;
  struct batch {
    std::int64_t rows = 0;  // exposures, battles or participants that were deleted
    bool more = false;      // older ones are left to look at
  };
  // One transaction: the next batch of what is older than `before`. Nothing while another
  // process does the same. `arena` is 0 for retained::idle.
  [[nodiscard]] virtual awaitable<result<std::optional<batch>>> step(retained what, int arena,
                                                                     time_point before) = 0;
  // How many rows the steps would delete. Reads them all.
  [[nodiscard]] virtual awaitable<result<std::int64_t>> due(retained what, int arena,
                                                            time_point before) = 0;
};

struct arena_retention {
  int arena = 0;
  std::chrono::days exposures{0};  // 0: kept
  std::chrono::days unjudged{0};
};

class run_retention {
 public:
  run_retention(retention_store& store, clock_source& clock) : store_(store), clock_(clock) {}

  // A participant can come back as long as the session lasts.
  static constexpr std::chrono::seconds idle_after = sessions::lifetime;

  struct report {
    std::array<std::int64_t, every_retained.size()> rows{};  // by retained
    bool more = false;                                       // another step has work at once
    bool alone = true;                                       // false: another process is at it
  };
  // One batch of each kind in each arena.
  [[nodiscard]] awaitable<result<report>> step(std::vector<arena_retention> rules);
  // What steps without end would delete; changes nothing.
  [[nodiscard]] awaitable<result<report>> due(std::vector<arena_retention> rules);

 private:
  struct task {
    retained what;
    int arena;
    time_point before;
  };
  [[nodiscard]] std::vector<task> tasks(const std::vector<arena_retention>& rules) const;

  retention_store& store_;
  clock_source& clock_;
};

}  // namespace agon::participants
