#include "privacy/anonymity/recoding.hpp"

#include <algorithm>
#include <stdexcept>

#include "privacy/anonymity/diversity.hpp"

namespace agon::anonymity {
namespace {

using key = class_table::key;

// Every combination of levels, the first of them the finest.
std::vector<std::vector<std::size_t>> lattice_of(std::span<const hierarchy> hierarchies) {
  std::vector<std::vector<std::size_t>> out = {{}};
  for (const hierarchy& h : hierarchies) {
    std::vector<std::vector<std::size_t>> longer;
    longer.reserve(out.size() * (h.top() + 1));
    for (const auto& levels : out)
      for (std::size_t level = 0; level <= h.top(); ++level) {
        longer.push_back(levels);
        longer.back().push_back(level);
      }
    out = std::move(longer);
  }
  return out;
}

double loss_of(std::span<const hierarchy> hierarchies, std::span<const std::size_t> levels) {
  double sum = 0;
  for (std::size_t i = 0; i < levels.size(); ++i)
    sum += static_cast<double>(levels[i]) / static_cast<double>(hierarchies[i].top());
  return levels.empty() ? 0 : sum / static_cast<double>(levels.size());
}

bool is_anything(const key& k) {
  return std::all_of(k.begin(), k.end(), [](const std::string& v) { return v == anything; });
}

}  // namespace

bool satisfies(const equivalence_class& c, const class_table& all, const privacy_model& model) {
  return c.size >= model.k && distinct_l(c) >= model.distinct_l &&
         (model.most_distance >= 1 || distance(c, all) <= model.most_distance);
}

std::optional<class_table> recode(const class_table& raw, std::span<const hierarchy> hierarchies,
                                  std::span<const std::size_t> levels) {
  if (hierarchies.size() != levels.size())
    throw std::invalid_argument("each quasi-identifier has a hierarchy and a level");
  class_table out;
  for (const auto& [values, c] : raw.classes()) {
    if (values.size() != levels.size())
      throw std::invalid_argument("each quasi-identifier has a hierarchy and a level");
    key coarse;
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto v = hierarchies[i].at(values[i], levels[i]);
      if (!v) return std::nullopt;
      coarse.push_back(std::move(*v));
    }
    for (const auto& [sensitive, count] : c.sensitive) out.add(coarse, sensitive, count);
  }
  return out;
}

std::set<key> to_suppress(const class_table& recoded, const privacy_model& model) {
  std::set<key> withheld;
  std::vector<std::pair<std::int64_t, const key*>> kept;  // by size
  std::int64_t hidden = 0;
  for (const auto& [k, c] : recoded.classes()) {
    const bool good = satisfies(c, recoded, model);
    if (is_anything(k))
      hidden += c.size;
    else if (good)
      kept.emplace_back(c.size, &k);
    else
      hidden += c.size;
    if (!good) withheld.insert(k);
  }
  std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : *a.second < *b.second;
  });
  for (const auto& [size, k] : kept) {
    if (hidden == 0 || hidden >= model.k) break;
    hidden += size;
    withheld.insert(*k);
  }
  return withheld;
}

class_table suppress(const class_table& recoded, const std::set<key>& withheld) {
  class_table out;
  for (const auto& [k, c] : recoded.classes()) {
    const key shown = withheld.count(k) == 0 ? k : key(k.size(), std::string(anything));
    for (const auto& [sensitive, count] : c.sensitive) out.add(shown, sensitive, count);
  }
  return out;
}

std::optional<chosen_levels> find_levels(const class_table& raw,
                                         std::span<const hierarchy> hierarchies,
                                         const privacy_model& model) {
  auto lattice = lattice_of(hierarchies);
  std::stable_sort(lattice.begin(), lattice.end(), [&](const auto& a, const auto& b) {
    return loss_of(hierarchies, a) < loss_of(hierarchies, b);
  });
  std::optional<chosen_levels> best;
  for (auto& levels : lattice) {
    const double loss = loss_of(hierarchies, levels);
    if (best && loss > best->loss) break;
    const auto coarse = recode(raw, hierarchies, levels);
    if (!coarse) continue;
    std::int64_t suppressed = 0;
    for (const key& k : to_suppress(*coarse, model))
      if (!is_anything(k)) suppressed += coarse->classes().at(k).size;
    if (static_cast<double>(suppressed) >
        model.most_suppressed * static_cast<double>(raw.records()))
      continue;
    if (!best || suppressed < best->suppressed)
      best = chosen_levels{std::move(levels), loss, suppressed};
  }
  return best;
}

}  // namespace agon::anonymity
