#include "services/arena/sampling.hpp"

#include <algorithm>

#include "privacy/crypto/canonical_json.hpp"

namespace agon::arena {
namespace {

std::size_t index_of(const pair_gains& g, int system) {
  const auto it = std::lower_bound(g.systems.begin(), g.systems.end(), system);
  return it == g.systems.end() || *it != system ? g.systems.size()
                                                : static_cast<std::size_t>(it - g.systems.begin());
}

}  // namespace

double pair_gains::between(int x, int y) const {
  const std::size_t i = index_of(*this, x);
  const std::size_t j = index_of(*this, y);
  return i == systems.size() || j == systems.size() ? 0 : gain[i * systems.size() + j];
}

std::int64_t pair_gains::votes_of(int system) const {
  const std::size_t i = index_of(*this, system);
  return i == systems.size() ? 0 : votes[i];
}

pair_chances::pair_chances(std::span<const candidate> candidates, const sampling_rule& rule,
                           const pair_gains* gains)
    : policy_(rule.policy), used_(rule.policy), epsilon_(rule.epsilon) {
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(open_),
               [](const candidate& c) { return c.weight > 0; });
  for (std::size_t i = 0; i < open_.size(); ++i)
    for (std::size_t j = i + 1; j < open_.size(); ++j) pairs_.push_back({i, j, 1.0});
  if (gains != nullptr) votes_ = gains->all_votes;
  if (policy_ == "weights") {
    fill_by_weights();
  } else if (policy_ != "uniform" && (gains == nullptr || !fill_by_gains(*gains))) {
    used_ = "uniform";
  }
  boost(gains);
  mix();
}

void pair_chances::fill_by_weights() {
  double all = 0;
  for (const candidate& c : open_) all += c.weight;
  for (pair& p : pairs_) {
    const double x = open_[p.first].weight;
    const double y = open_[p.second].weight;
    p.chance = x / all * y / (all - x) + y / all * x / (all - y);
  }
}

// False, and all pairs alike, if the gains are of another policy, lack a system, or say
// nothing about these pairs.
bool pair_chances::fill_by_gains(const pair_gains& gains) {
  const auto known = [&](const candidate& c) {
    return index_of(gains, c.system) != gains.systems.size();
  };
  if (gains.policy != policy_ || !std::all_of(open_.begin(), open_.end(), known)) return false;
  double sum = 0;
  for (const pair& p : pairs_) sum += gains.between(open_[p.first].system, open_[p.second].system);
  if (!(sum > 0)) return false;
  for (pair& p : pairs_) p.chance = gains.between(open_[p.first].system, open_[p.second].system);
  return true;
}

void pair_chances::boost(const pair_gains* gains) {
  const auto factor = [&](const candidate& c) {
    const bool reached = c.target > 0 && gains != nullptr && gains->votes_of(c.system) >= c.target;
    return reached ? 1.0 : c.boost;
  };
  for (pair& p : pairs_) p.chance *= factor(open_[p.first]) * factor(open_[p.second]);
}

void pair_chances::mix() {
  double sum = 0;
  for (const pair& p : pairs_) sum += p.chance;
  const double alike = 1.0 / static_cast<double>(std::max<std::size_t>(pairs_.size(), 1));
  for (pair& p : pairs_)
    p.chance =
        std::min(1.0, (1 - epsilon_) * (sum > 0 ? p.chance / sum : alike) + epsilon_ * alike);
}

result<drawn_pair> pair_chances::draw(crypto::random_source& random) const {
  if (pairs_.empty())
    return fail(errc::unsupported, "Fewer than two systems of this arena can take the prompt.");
  double left = random.unit();
  const pair* drawn = nullptr;
  for (const pair& p : pairs_) {
    if (p.chance > 0) drawn = &p;  // rounding at the upper end leaves the last that may be
    left -= p.chance;
    if (left < 0) break;
  }
  const int first = open_[drawn->first].system;
  const int second = open_[drawn->second].system;
  const bool swap = random.below(2) == 1;
  return drawn_pair{swap ? second : first, swap ? first : second, drawn->chance};
}

double pair_chances::probability(int x, int y) const {
  for (const pair& p : pairs_) {
    const int first = open_[p.first].system;
    const int second = open_[p.second].system;
    if ((first == x && second == y) || (first == y && second == x)) return p.chance;
  }
  return 0;
}

result<int> pair_chances::draw_replacement(std::span<const int> taken,
                                           crypto::random_source& random) const {
  const auto is_taken = [&](int system) {
    return std::find(taken.begin(), taken.end(), system) != taken.end();
  };
  std::vector<std::pair<int, double>> left;
  double sum = 0;
  for (const candidate& c : open_) {
    if (is_taken(c.system)) continue;
    // How likely the policy draws it at all.
    double chance = 0;
    for (const pair& p : pairs_)
      if (open_[p.first].system == c.system || open_[p.second].system == c.system)
        chance += p.chance;
    left.emplace_back(c.system, chance);
    sum += chance;
  }
  if (left.empty())
    return fail(errc::unsupported, "No other system of this arena can take the prompt.");
  double at = random.unit() * sum;
  for (const auto& [system, chance] : left) {
    at -= chance;
    if (at < 0) return system;
  }
  return left.back().first;
}

std::string pair_chances::record() const {
  crypto::canonical_object out;
  out.number("epsilon", epsilon_)
      .number("pairs", static_cast<double>(pairs_.size()))
      .text("policy", policy_)
      .text("used", used_)
      .number("votes", static_cast<double>(votes_));
  return std::move(out).finish();
}

}  // namespace agon::arena
