// The Bradley–Terry board of a release, computed from its votes: by the builder to
// write it, by the verifier to compare. Internal to privacy/release.
#pragma once

#include <string>
#include <vector>

#include "privacy/release/error.hpp"
#include "privacy/release/table_schema.hpp"
#include "ratings/bradley_terry.hpp"
#include "ratings/tally.hpp"

namespace agon::release {

constexpr std::string_view verified_method = "bradley_terry";
constexpr std::string_view verified_segment = "overall";

// Counts one row of `votes`, given as released cells.
[[nodiscard]] result<void> count_vote(ratings::tally& votes, const std::vector<value>& cells);

// Rows of `boards`, cells by place in its schema, in the board's order.
[[nodiscard]] std::vector<std::vector<value>> bradley_terry_rows(
    const ratings::tally& votes, const ratings::bradley_terry_settings& settings);

}  // namespace agon::release
