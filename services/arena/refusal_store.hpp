// Prompts that were refused: counted by day and reason, never kept. Implemented in
// services/store/postgres.
#pragma once

#include <string>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"

namespace agon::arena {

class refusal_store {
 public:
  virtual ~refusal_store() = default;
  // Adds one. `reason` and `decided_by` are names of services/routing/decision.hpp.
  [[nodiscard]] virtual awaitable<result<void>> count(int arena, std::string reason,
                                                      std::string decided_by) = 0;
};

}  // namespace agon::arena
