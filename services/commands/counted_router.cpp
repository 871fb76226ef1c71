#include "services/commands/counted_router.hpp"

namespace agon::commands {

counted_router::counted_router(std::unique_ptr<routing::router> inner, metrics::registry& metrics)
    : inner_(std::move(inner)),
      metrics_(metrics),
      seconds_(metrics.make_histogram("agon_routing_seconds", "Time until a prompt was decided")) {}

awaitable<routing::decision> counted_router::route(routing::routing_question q) {
  auto d = co_await inner_->route(std::move(q));
  // All labels are names of closed sets.
  metrics_
      .make_counter("agon_routing_decisions_total", "Prompts by who decided",
                    {{"by", std::string(routing::name_of(d.by))},
                     {"endpoint", std::string(routing::name_of(d.endpoint))},
                     {"refused", d.refused ? std::string(routing::name_of(*d.refused)) : "no"}})
      .add();
  seconds_.observe(d.seconds);
  co_return d;
}

}  // namespace agon::commands
