// Counts of votes with noise, published beside the rows. Internal to privacy/release, but
// for the plan.
//
// Counted are all votes of the partition's time whose people let themselves be counted, also
// those that may not be published. The cells are known without the votes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/dp/budget.hpp"
#include "privacy/dp/contribution.hpp"
#include "privacy/dp/noisy_counts.hpp"
#include "privacy/release/partition_key.hpp"
#include "privacy/release/policy.hpp"
#include "privacy/release/table_schema.hpp"

namespace agon::release {

struct counts_plan {
  std::vector<std::string> days, languages, systems;  // the cells; systems meet in pairs
  std::uint32_t votes_per_person = 20;
  dp::rho budget = {150'000'000};  // of all dimensions together
  std::string period;              // whose budget was charged: "2026"
};

struct counted_vote {
  std::string_view person;  // raw id; never released
  std::string_view day, language, system_a, system_b;
};

// What the manifest says of them.
struct manifest_counts {
  bool published = false;
  std::string reason;  // why not, as a sentence
  std::vector<std::string> dimensions;
  std::int64_t votes_per_person = 0;
  std::int64_t rho_billionths = 0;
  double deviation = 0;
  std::string period;

  bool operator==(const manifest_counts&) const = default;
};

// Beyond so many systems pairs are not counted: there are more cells than votes.
constexpr std::size_t most_systems_in_pairs = 150;

class vote_counts {
 public:
  vote_counts(counts_plan plan, const release_policy& policy);

  void add(const counted_vote& v);
  // Rows of `counts`, and what the manifest says. Noise follows from key and counts. Memory:
  // the cells, and a few words per person.
  [[nodiscard]] std::vector<std::vector<value>> rows(const partition_key& key,
                                                     manifest_counts& about) const;

 private:
  counts_plan plan_;
  release_policy policy_;
  dp::contribution_bound bound_;
  std::vector<dp::dimension> dimensions_;
};

}  // namespace agon::release
