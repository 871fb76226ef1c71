// Who decides about a prompt: rules alone, or an endpoint with the rules behind it.
#pragma once

#include <memory>

#include "services/core/awaitable.hpp"
#include "services/routing/decision.hpp"

namespace agon::routing {

class router {
 public:
  virtual ~router() = default;

  // Always decides: whatever is slow, away or talks nonsense, the rules decide instead and
  // the decision says so. Safe to call from any thread; what the question points to must
  // live until it completes.
  [[nodiscard]] virtual awaitable<decision> route(routing_question q) = 0;
};

[[nodiscard]] std::unique_ptr<router> make_rules_router();

}  // namespace agon::routing
