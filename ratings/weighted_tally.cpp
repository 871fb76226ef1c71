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

std::size_t weighted_tally::slot_of(system_index low, system_index high) const {
  const std::size_t mask = place_.size() - 1;
  std::uint64_t key = (std::uint64_t{high} << 32) | low;
  key *= 0x9e3779b97f4a7c15U;
  std::size_t slot = static_cast<std::size_t>(key >> 32) & mask;
  while (place_[slot] != 0 &&
         (sums_[place_[slot] - 1].low != low || sums_[place_[slot] - 1].high != high))
    slot = (slot + 1) & mask;
  return slot;
}

weighted_tally::pair_sums& weighted_tally::sums_of(system_index low, system_index high) {
  if (place_.size() < 2 * (sums_.size() + 1)) {
    std::size_t room = 64;
    while (room < 4 * (sums_.size() + 1)) room *= 2;
    place_.assign(room, 0);
    for (std::size_t i = 0; i < sums_.size(); ++i)
      place_[slot_of(sums_[i].low, sums_[i].high)] = static_cast<std::uint32_t>(i + 1);
  }
  std::uint32_t& place = place_[slot_of(low, high)];
  if (place == 0) {
    sums_.push_back({low, high, {}, {}});
    place = static_cast<std::uint32_t>(sums_.size());
  }
  return sums_[place - 1];
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
