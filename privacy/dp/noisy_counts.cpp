#include "privacy/dp/noisy_counts.hpp"

#include <cmath>
#include <set>
#include <stdexcept>

namespace agon::dp {
namespace {

constexpr const char* other = "other";

std::int64_t count_of(const dimension& d, const std::string& cell) {
  const auto at = d.counts.find(cell);
  return at == d.counts.end() ? 0 : at->second;
}

}  // namespace

noisy_counts add_noise(const std::vector<dimension>& dimensions, const count_budget& budget,
                       crypto::random_source& random) {
  noisy_counts out;
  const ratio variance = variance_for(budget.votes_per_person, budget.per_dimension);
  const double deviation = std::sqrt(static_cast<double>(variance.numerator) /
                                     static_cast<double>(variance.denominator));
  for (const dimension& d : dimensions) {
    std::set<std::string> named = {other};
    std::int64_t elsewhere = 0;
    const auto publish = [&](const std::string& cell, std::int64_t count) {
      out.rows.push_back(
          {d.name, cell, count + draw_discrete_gaussian(variance, random), deviation});
    };
    for (const auto& [cell, count] : d.counts) elsewhere += count;
    for (const std::string& cell : d.cells) {
      if (!named.insert(cell).second)
        throw std::invalid_argument("a cell is named twice, or \"other\"");
      elsewhere -= count_of(d, cell);
      publish(cell, count_of(d, cell));
    }
    publish(other, elsewhere);
    out.spent = out.spent + rho_of_gaussian(budget.votes_per_person, variance);
  }
  return out;
}

}  // namespace agon::dp
