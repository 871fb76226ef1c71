// Counts who decided about prompts, and how long it took, for /metrics.
#pragma once

#include <memory>

#include "services/http/metrics.hpp"
#include "services/routing/router.hpp"

namespace agon::commands {

class counted_router final : public routing::router {
 public:
  // `metrics` must outlive the router.
  counted_router(std::unique_ptr<routing::router> inner, metrics::registry& metrics);
  [[nodiscard]] awaitable<routing::decision> route(routing::routing_question q) override;

 private:
  std::unique_ptr<routing::router> inner_;
  metrics::registry& metrics_;
  metrics::histogram seconds_;
};

}  // namespace agon::commands
