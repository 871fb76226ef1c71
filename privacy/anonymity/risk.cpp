#include "privacy/anonymity/risk.hpp"

#include <algorithm>
#include <stdexcept>

namespace agon::anonymity {
namespace {

// `size_for` tells among how many a record of a class hides.
template <class F>
risk risk_among(const class_table& data, double threshold, F size_for) {
  risk out;
  out.records = data.records();
  out.classes = static_cast<std::int64_t>(data.classes().size());
  if (out.records == 0) return out;
  const auto records = static_cast<double>(out.records);
  std::int64_t above = 0, unique = 0;
  double expected = 0;
  for (const auto& [key, c] : data.classes()) {
    const std::int64_t among = size_for(key, c);
    const double chance = 1 / static_cast<double>(among);
    out.smallest = out.smallest == 0 ? among : std::min(out.smallest, among);
    out.highest = std::max(out.highest, chance);
    expected += static_cast<double>(c.size) / static_cast<double>(among);
    if (chance > threshold) above += c.size;
    if (among == 1) unique += c.size;
  }
  out.average = expected / records;
  out.at_risk = static_cast<double>(above) / records;
  out.uniqueness = static_cast<double>(unique) / records;
  return out;
}

}  // namespace

risk prosecutor_risk(const class_table& data, double threshold) {
  return risk_among(data, threshold,
                    [](const class_table::key&, const equivalence_class& c) { return c.size; });
}

risk journalist_risk(const class_table& data, const class_table& population, double threshold) {
  return risk_among(data, threshold, [&](const class_table::key& k, const equivalence_class& c) {
    const auto at = population.classes().find(k);
    if (at == population.classes().end() || at->second.size < c.size)
      throw std::invalid_argument("the population does not hold the data");
    return at->second.size;
  });
}

double marketer_risk(const class_table& data) {
  return prosecutor_risk(data).average;
}

double marketer_risk(const class_table& data, const class_table& population) {
  return journalist_risk(data, population).average;
}

}  // namespace agon::anonymity
