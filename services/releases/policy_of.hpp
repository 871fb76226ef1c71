// Between arena files, stored partitions and what privacy/release asks for. Internal to
// services/releases.
#pragma once

#include <string>

#include "privacy/release/builder.hpp"
#include "services/arena/arena.hpp"
#include "services/core/error.hpp"
#include "services/releases/release_store.hpp"

namespace agon::releases {

// What a new partition is made under.
[[nodiscard]] release::release_policy policy_of(const arena::release_rule& rule);
// The frozen policy of a partition as it was stored at its first build.
[[nodiscard]] release::release_policy policy_of(const partition& p);

// All but the counts.
[[nodiscard]] release::release_options options_of(const release_store::arena_row& arena,
                                                  const arena::arena& definition,
                                                  const partition& p, std::string url);

// The cells of the counts: the days from the partition before this one (or the arena's first
// day) to this one's, the arena's languages, its systems.
[[nodiscard]] release::counts_plan counts_of(const release_store::arena_row& arena,
                                             const arena::arena& definition, const partition& p,
                                             const std::vector<partition>& all);

[[nodiscard]] error refused(const release::release_error& e);

}  // namespace agon::releases
