// A new system joins an arena whose others are well known: how many votes until its
// published interval is narrow enough?
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "ratings/bradley_terry.hpp"
#include "ratings/random.hpp"
#include "ratings/sampling/pair_policy.hpp"

namespace agon::ratings::testing {

struct arena_world {
  std::size_t systems = 12;           // the last is new; strengths from −1 to 1, the new one 0.35
  std::uint64_t votes_before = 6000;  // evenly over the pairs of the others
  double half_width = 60;             // points, of the new system's 95 % interval
  std::uint64_t most_votes = 20'000;
  std::uint64_t refit_every = 20;  // votes
  double tie = 0.15;               // share of ties
};

class joined_arena {
 public:
  joined_arena(const arena_world& world, std::uint64_t seed) : world_(world), random_(seed) {
    for (std::size_t i = 0; i < world.systems; ++i) {
      votes_.add_system("system " + std::to_string(i));
      const double place = static_cast<double>(i) / static_cast<double>(world.systems - 2);
      theta_.push_back(i + 1 == world.systems ? 0.35 : 2 * place - 1);
    }
    for (std::uint64_t n = 0; n < world.votes_before; ++n) {
      const auto a = random_.below(world.systems - 1);
      const auto b = (a + 1 + random_.below(world.systems - 2)) % (world.systems - 1);
      vote(static_cast<system_index>(a), static_cast<system_index>(b));
    }
  }

  // Votes drawn by the policy until the interval is narrow enough, or most_votes.
  std::uint64_t votes_needed(const sampling::policy_settings& settings) {
    std::vector<sampling::system_pair> pairs;
    for (system_index b = 1; b < world_.systems; ++b)
      for (system_index a = 0; a < b; ++a) pairs.push_back({a, b});
    std::uint64_t given = 0;
    while (given < world_.most_votes && !narrow_enough()) {
      const auto p =
          sampling::probabilities_of(pairs, sampling::factor_of(votes_), settings).value();
      for (std::uint64_t n = 0; n < world_.refit_every; ++n, ++given) {
        const auto& chosen = pairs[sampling::pick(p.probability, random_.unit())];
        vote(chosen.a, chosen.b);
      }
    }
    return given;
  }

 private:
  void vote(system_index a, system_index b) {
    const bool won = random_.unit() < 1 / (1 + std::exp(theta_[b] - theta_[a]));
    const bool tie = random_.unit() < world_.tie;
    votes_.add(a, b, tie ? outcome::tie : won ? outcome::a : outcome::b);
  }

  [[nodiscard]] bool narrow_enough() const {
    const auto rating = fit_bradley_terry(votes_).ratings.back();
    return rating.status == rating_status::rated &&
           (rating.upper - rating.lower) / 2 <= world_.half_width;
  }

  arena_world world_;
  seeded_random random_;
  std::vector<double> theta_;
  tally votes_;
};

// Mean over worlds of these seeds.
inline double mean_votes_needed(const arena_world& world, const sampling::policy_settings& settings,
                                std::uint64_t worlds) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= worlds; ++seed)
    sum += static_cast<double>(joined_arena(world, seed).votes_needed(settings));
  return sum / static_cast<double>(worlds);
}

}  // namespace agon::ratings::testing
