#include "services/commands/statement_metrics.hpp"

#include <exception>

namespace agon::commands {

const statement_metrics::series& statement_metrics::of(std::string_view name) {
  {
    const std::shared_lock lock(mutex_);
    const auto it = series_.find(name);
    if (it != series_.end()) return it->second;
  }
  const std::unique_lock lock(mutex_);
  const metrics::labels labels{{"statement", std::string(name)}};
  return series_
      .try_emplace(name, series{registry_.make_histogram("agon_sql_seconds",
                                                         "Duration of SQL statements", labels),
                                registry_.make_counter("agon_sql_failures_total",
                                                       "SQL statements that failed", labels)})
      .first->second;
}

void statement_metrics::executed(std::string_view name, std::chrono::duration<double> took,
                                 bool failed) noexcept {
  try {
    const series& s = of(name);
    s.seconds.observe(took.count());
    if (failed) s.failures.add();
  } catch (const std::exception&) {
    // Metrics never stand in the way of a statement.
    return;
  }
}

}  // namespace agon::commands
