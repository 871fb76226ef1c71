// What those who run the server ask it: is it alive, is it ready, how is it doing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/http/metrics.hpp"
#include "services/http/router.hpp"

namespace agon::http {

// One thing that must work for requests to be served. `passes` has two seconds; then
// what it awaits is cancelled, and it counts as failed, as it does if it throws.
struct readiness_check {
  std::string name;  // "postgres"
  std::function<awaitable<bool>()> passes;
};

enum class metrics_access {
  loopback,  // only from this machine, and not through a proxy
  everyone,  // for a port that only the operator reaches
};

// Adds
//   GET /healthz  200 as long as the process answers at all
//   GET /readyz   200, or 503 if a check fails; {"status", "checks": {name: "ok" | "failed"}}
//   GET /metrics  Prometheus text; 403 to those without access
// To serve them on a port of their own, give them a router and a server of their own;
// both servers may share the registry. The registry must outlive the router.
void add_operational_routes(router& routes, metrics::registry& registry,
                            std::vector<readiness_check> checks,
                            metrics_access access = metrics_access::loopback);

// Adds the process's memory, processor time and open files to the registry.
void add_process_metrics(metrics::registry& registry);

}  // namespace agon::http
