// Counts of votes with noise, for publication beside a release.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "privacy/dp/budget.hpp"
#include "privacy/dp/noise.hpp"

namespace agon::dp {

// What is counted along one dimension ("day", "language", "pair"). Each counted vote of a
// person falls into one cell.
struct dimension {
  std::string name;
  // The cells there are, known without the votes: each gets a row, those with no vote too.
  // A table of those cells alone that have votes would tell which have.
  std::vector<std::string> cells;
  std::map<std::string, std::int64_t> counts;  // of votes within the bound
};

struct count_budget {
  std::uint32_t votes_per_person = 20;  // the bound that the counts were made under
  rho per_dimension = {50'000'000};     // 0.05
};

struct noisy_count {
  std::string dimension;
  std::string cell;
  std::int64_t count = 0;  // with noise: may be negative
  double deviation = 0;    // standard deviation of the noise, at most
};

struct noisy_counts {
  std::vector<noisy_count> rows;  // in the order given; "other" last in each dimension
  rho spent;
};

// Adds discrete Gaussian noise to each cell and to "other", which holds what is in none.
// A person moves a dimension by at most votes_per_person in L2, so each dimension costs
// at most per_dimension. Pure but for the random source: the same source gives the same
// rows, which lets an open partition be built again without a second look at the votes.
// std::invalid_argument for a cell that is named twice, or "other".
[[nodiscard]] noisy_counts add_noise(const std::vector<dimension>& dimensions,
                                     const count_budget& budget, crypto::random_source& random);

}  // namespace agon::dp
