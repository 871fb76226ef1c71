// Durations and failures of every SQL statement, by name, in /metrics.
#pragma once

#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "services/http/metrics.hpp"
#include "services/store/postgres/statement.hpp"

namespace agon::commands {

class statement_metrics final : public store::statement_observer {
 public:
  explicit statement_metrics(metrics::registry& registry) : registry_(registry) {}
  void executed(std::string_view name, std::chrono::duration<double> took,
                bool failed) noexcept override;

 private:
  struct series {
    metrics::histogram seconds;
    metrics::counter failures;
  };
  const series& of(std::string_view name);

  metrics::registry& registry_;
  std::shared_mutex mutex_;
  std::unordered_map<std::string_view, series> series_;  // names are literals
};

}  // namespace agon::commands
