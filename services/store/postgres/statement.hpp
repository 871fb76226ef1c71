// Every SQL statement has a name, under which it is prepared, timed and counted.
#pragma once

#include <chrono>
#include <string_view>

namespace agon::store {

// Declared constexpr beside its caller. Names are unique: "battle_create".
struct statement {
  std::string_view name;
  std::string_view sql;
};

// Told of every statement that ran, for metrics.
class statement_observer {
 public:
  virtual ~statement_observer() = default;
  // Called on the connections' threads, many at once; must not throw or block.
  virtual void executed(std::string_view name, std::chrono::duration<double> took,
                        bool failed) noexcept = 0;
};

}  // namespace agon::store
