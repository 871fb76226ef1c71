// Fits of counts that are no tally any more, and the model of a fit. Inside the library
// only.
#pragma once

#include <vector>

#include "ratings/pair_terms.hpp"
#include "ratings/pairwise.hpp"

namespace agon::ratings {

// As fit_pairwise, of cells on the systems of the roster from which both_bad has been
// dropped or merged as the settings say. The settings are valid.
[[nodiscard]] pairwise_fit fit_pairwise_cells(const std::vector<pair_cell>& cells,
                                              const roster& systems,
                                              const pairwise_settings& settings);

// Throws as fit_pairwise does.
void require_valid(const pairwise_settings& settings);

[[nodiscard]] constexpr pair_model pair_model_of(method m, bool with_ground) {
  if (m == method::davidson) return pair_model::davidson;
  if (m == method::rao_kupper) return pair_model::rao_kupper;
  if (m != method::grounded_rao_kupper) return pair_model::bradley_terry;
  return with_ground ? pair_model::grounded : pair_model::groundless;
}
[[nodiscard]] inline pair_model model_of(const pairwise_fit& fit,
                                         const pairwise_settings& settings) {
  return pair_model_of(settings.method, fit.ground_level.has_value());
}

}  // namespace agon::ratings
