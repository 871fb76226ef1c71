#include "ratings/pareto.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace agon::ratings {
namespace {

std::optional<double> cost_on(const system_cost& c, cost_axis axis) {
  switch (axis) {
    case cost_axis::seconds:
      return c.seconds;
    case cost_axis::real_time_factor:
      return c.real_time_factor;
    case cost_axis::cost:
      return c.cost;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_text(cost_axis axis) {
  static constexpr std::array<std::string_view, 3> texts{"seconds", "real_time_factor", "cost"};
  return texts.at(static_cast<std::size_t>(axis));
}

std::vector<quality_point> quality_plane(const board& b, std::span<const system_cost> costs,
                                         cost_axis axis) {
  std::unordered_map<std::string, double> known;
  for (const system_cost& c : costs) {
    const auto value = cost_on(c, axis);
    if (value && std::isfinite(*value) && *value >= 0) known[c.system] = *value;
  }
  std::vector<quality_point> out;
  for (const board_entry& e : b.entries) {
    const auto cost = known.find(e.system);
    if (!e.score || cost == known.end()) continue;
    out.push_back({e.system, *e.score, e.lower.value_or(*e.score), e.upper.value_or(*e.score),
                   cost->second, false, false});
  }
  std::sort(out.begin(), out.end(), [](const quality_point& x, const quality_point& y) {
    if (x.cost != y.cost) return x.cost < y.cost;
    return x.score != y.score ? x.score > y.score : x.system < y.system;
  });
  // Going up in cost, a system is on the front if it beats all before it. Of equal cost the
  // best comes first, and its equals share its place.
  double best = -std::numeric_limits<double>::infinity();
  double best_cost = 0;
  for (quality_point& p : out) {
    p.on_front = p.score > best || (p.score == best && p.cost == best_cost);
    if (p.score > best) {
      best = p.score;
      best_cost = p.cost;
    }
  }
  for (quality_point& p : out)
    p.maybe_on_front = std::none_of(out.begin(), out.end(), [&](const quality_point& other) {
      return other.cost <= p.cost && other.lower > p.upper;
    });
  return out;
}

}  // namespace agon::ratings
