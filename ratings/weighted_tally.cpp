#include "ratings/weighted_tally.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"

namespace agon::ratings {
namespace {

std::array<double, outcome_count> seen_from_the_other(std::array<double, outcome_count> sums) {
  std::swap(sums[0], sums[1]);
  return sums;
}

weighted_tally::pair_sums exchanged(const weighted_tally::pair_sums& p) {
  return {p.high, p.low, seen_from_the_other(p.weight), seen_from_the_other(p.squared)};
}

}  // namespace

weighted_tally::pair_sums& weighted_tally::sums_of(system_index low, system_index high) {
  const std::uint32_t number = index_.add(low, high);
  if (number == sums_.size()) sums_.push_back({low, high, {}, {}});
  return sums_[number];
}

void weighted_tally::add(system_index a, system_index b, outcome o, double weight) {
  if (!(weight >= 0) || !std::isfinite(weight))
    throw std::invalid_argument("weighted tally: a weight is negative or not finite");
  counts_.add(a, b, o);
  if (a > b) {
    std::swap(a, b);
    o = mirrored(o);
  }
  pair_sums& p = sums_of(a, b);
  p.weight[static_cast<std::size_t>(o)] += weight;
  p.squared[static_cast<std::size_t>(o)] += weight * weight;
}

std::vector<weighted_tally::pair_sums> weighted_tally::pairs() const {
  auto out = sums_;
  std::sort(out.begin(), out.end(), [](const pair_sums& x, const pair_sums& y) {
    return std::pair(x.high, x.low) < std::pair(y.high, y.low);
  });
  return out;
}

double weighted_tally::effective_votes() const {
  double sum = 0;
  double squares = 0;
  for (const pair_sums& p : sums_) {
    for (const double w : p.weight) sum += w;
    for (const double w : p.squared) squares += w;
  }
  return squares > 0 ? sum * sum / squares : 0;
}

std::string weighted_tally::sha256() const {
  const weighted_tally by_name = sorted();
  auto rows = by_name.sums_;
  std::sort(rows.begin(), rows.end(), [](const pair_sums& x, const pair_sums& y) {
    return std::pair(x.low, x.high) < std::pair(y.low, y.high);
  });
  nlohmann::json out = nlohmann::json::array();
  for (const pair_sums& p : rows)
    out.push_back(
        {by_name.systems().name(p.low), by_name.systems().name(p.high), p.weight, p.squared});
  return crypto::to_hex(crypto::bytes_of(crypto::sha256(crypto::canonical_json(out))));
}

weighted_tally weighted_tally::sorted() const {
  const auto order = systems().sorted();
  std::vector<system_index> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = static_cast<system_index>(i);
  weighted_tally out;
  out.counts_ = counts_.sorted();
  for (pair_sums p : sums_) {
    p.low = place[p.low];
    p.high = place[p.high];
    if (p.low > p.high) p = exchanged(p);
    out.sums_of(p.low, p.high) = p;
  }
  return out;
}

}  // namespace agon::ratings
