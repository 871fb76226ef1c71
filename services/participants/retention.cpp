#include "services/participants/retention.hpp"

namespace agon::participants {

std::string_view name_of(retained what) {
  switch (what) {
    case retained::exposures:
      return "exposures";
    case retained::unjudged:
      return "unjudged";
    case retained::idle:
      return "idle";
  }
  return "";
}

std::vector<run_retention::task> run_retention::tasks(
    const std::vector<arena_retention>& rules) const {
  const time_point now = clock_.now();
  std::vector<task> all;
  for (const arena_retention& r : rules) {
    if (r.exposures.count() > 0) all.push_back({retained::exposures, r.arena, now - r.exposures});
    if (r.unjudged.count() > 0) all.push_back({retained::unjudged, r.arena, now - r.unjudged});
  }
  all.push_back({retained::idle, 0, now - idle_after});
  return all;
}

awaitable<result<run_retention::report>> run_retention::step(std::vector<arena_retention> rules) {
  report sum;
  for (const task& t : tasks(rules)) {
    const auto done = co_await store_.step(t.what, t.arena, t.before);
    if (!done) co_return done.error();
    if (!*done) {
      sum.alone = false;
      continue;
    }
    sum.rows[static_cast<std::size_t>(t.what)] += (*done)->rows;
    sum.more = sum.more || (*done)->more;
  }
  co_return sum;
}

awaitable<result<run_retention::report>> run_retention::due(std::vector<arena_retention> rules) {
  report sum;
  for (const task& t : tasks(rules)) {
    const auto rows = co_await store_.due(t.what, t.arena, t.before);
    if (!rows) co_return rows.error();
    sum.rows[static_cast<std::size_t>(t.what)] += *rows;
  }
  co_return sum;
}

}  // namespace agon::participants
