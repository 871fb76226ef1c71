#include <algorithm>
#include <cmath>
#include <map>

#include "ratings/board.hpp"

namespace agon::ratings {
namespace {

struct both_entries {
  const board_entry* base = nullptr;
  const board_entry* other = nullptr;

  [[nodiscard]] bool rated() const { return base && other; }
};

// Places by falling score among the systems that both boards rate, from 0.
template <typename Get>
std::map<std::string, std::int64_t> places(const std::map<std::string, both_entries>& entries,
                                           Get get) {
  std::vector<const board_entry*> order;
  for (const auto& [name, e] : entries)
    if (e.rated()) order.push_back(get(e));
  std::stable_sort(order.begin(), order.end(), [](const board_entry* x, const board_entry* y) {
    return *x->score > *y->score;
  });
  std::map<std::string, std::int64_t> out;
  for (std::size_t i = 0; i < order.size(); ++i)
    out[order[i]->system] = static_cast<std::int64_t>(i);
  return out;
}

std::optional<bool> is_beyond(double change, const both_entries& e) {
  if (!e.base->lower || !e.base->upper || !e.other->lower || !e.other->upper) return std::nullopt;
  const double base = (*e.base->upper - *e.base->lower) / 2;
  const double other = (*e.other->upper - *e.other->lower) / 2;
  return std::fabs(change) > std::hypot(base, other);
}

}  // namespace

std::vector<board_difference> difference(const board& base, const board& b) {
  std::map<std::string, both_entries> entries;
  for (const board_entry& e : base.entries)
    if (e.score) entries[e.system].base = &e;
  for (const board_entry& e : b.entries)
    if (e.score) entries[e.system].other = &e;
  double shift = 0;
  double common = 0;
  for (const auto& [name, e] : entries) {
    if (!e.rated()) continue;
    shift += *e.base->score - *e.other->score;
    common += 1;
  }
  if (common > 0) shift /= common;
  const auto before = places(entries, [](const both_entries& e) { return e.base; });
  const auto after = places(entries, [](const both_entries& e) { return e.other; });
  std::vector<board_difference> out;
  for (const auto& [name, e] : entries) {
    board_difference d{name, {}, {}, {}};
    if (e.rated()) {
      d.score = *e.other->score + shift - *e.base->score;
      d.beyond_error = is_beyond(*d.score, e);
      d.ranks = before.at(name) - after.at(name);
    }
    out.push_back(std::move(d));
  }
  return out;
}

}  // namespace agon::ratings
