#include "privacy/anonymity/diversity.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace agon::anonymity {
namespace {

double share_of(const std::map<std::string, std::int64_t>& counts, const std::string& value,
                std::int64_t all) {
  const auto at = counts.find(value);
  return at == counts.end() ? 0 : static_cast<double>(at->second) / static_cast<double>(all);
}

}  // namespace

std::int64_t distinct_l(const equivalence_class& c) {
  return static_cast<std::int64_t>(c.sensitive.size());
}

double entropy_l(const equivalence_class& c) {
  double entropy = 0;
  for (const auto& [value, count] : c.sensitive) {
    const double p = static_cast<double>(count) / static_cast<double>(c.size);
    entropy -= p * std::log(p);
  }
  return std::exp(entropy);
}

bool is_recursive_l(const equivalence_class& c, double ratio, std::int64_t l) {
  if (l < 1 || distinct_l(c) < l) return false;
  std::vector<std::int64_t> counts;
  for (const auto& [value, count] : c.sensitive) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  std::int64_t tail = 0;
  for (auto i = static_cast<std::size_t>(l - 1); i < counts.size(); ++i) tail += counts[i];
  return static_cast<double>(counts.front()) < ratio * static_cast<double>(tail);
}

double distance(const equivalence_class& c, const class_table& all) {
  double sum = 0;
  for (const auto& [value, count] : all.sensitive())
    sum += std::abs(share_of(c.sensitive, value, c.size) -
                    share_of(all.sensitive(), value, all.records()));
  return sum / 2;
}

double ordered_distance(const equivalence_class& c, const class_table& all,
                        std::span<const std::string> order) {
  for (const auto& [value, count] : all.sensitive())
    if (std::find(order.begin(), order.end(), value) == order.end())
      throw std::invalid_argument("a sensitive value is not in the order");
  if (order.size() < 2) return 0;
  double moved = 0, sum = 0;
  for (const std::string& value : order) {
    moved += share_of(c.sensitive, value, c.size) - share_of(all.sensitive(), value, all.records());
    sum += std::abs(moved);
  }
  return sum / static_cast<double>(order.size() - 1);
}

std::int64_t least_distinct_l(const class_table& t) {
  std::int64_t least = 0;
  for (const auto& [key, c] : t.classes())
    least = least == 0 ? distinct_l(c) : std::min(least, distinct_l(c));
  return least;
}

double least_entropy_l(const class_table& t) {
  double least = 0;
  for (const auto& [key, c] : t.classes())
    least = least == 0 ? entropy_l(c) : std::min(least, entropy_l(c));
  return least;
}

double greatest_distance(const class_table& t) {
  double greatest = 0;
  for (const auto& [key, c] : t.classes()) greatest = std::max(greatest, distance(c, t));
  return greatest;
}

}  // namespace agon::anonymity
