// κ of Cohen (two participants, weighted) and of Fleiss (many participants).
#pragma once

#include <cstdint>
#include <vector>

#include "ratings/agreement/coefficient.hpp"
#include "ratings/answers.hpp"

namespace agon::ratings::agreement {

// How bad it is that one said c and the other k, of K categories in their order.
enum class kappa_weights : std::uint8_t {
  unweighted,  // 1 if they differ
  linear,      // |c − k| / (K − 1)
  quadratic,   // (c − k)² / (K − 1)²
};

// κ_w = 1 − Σ w_ck p_ck / Σ w_ck p_c· p_·k over the items that both judged (Cohen 1960,
// 1968). Refused: a participant who is not in the table, the same participant twice, one
// who answers an item twice. O(answers + categories²).
[[nodiscard]] checked<coefficient> cohen_kappa(const answer_table& answers, std::uint32_t first,
                                               std::uint32_t second,
                                               kappa_weights weights = kappa_weights::unweighted);
[[nodiscard]] checked<interval_estimate> cohen_kappa_interval(
    const answer_table& answers, std::uint32_t first, std::uint32_t second, kappa_weights weights,
    const bootstrap_settings& settings = {});

// κ = (P̄ − P_e)/(1 − P_e): P̄ the mean over items of the share of its pairs of answers that
// agree, P_e = Σ p_j² (Fleiss 1971). Items may have different numbers of answers: those with
// fewer than two do not count, and p_j is the mean over the others of the item's share of j
// (Gwet 2014, ch. 2), which for equal numbers is Fleiss's own. Refused: a participant who
// answers an item twice. O(answers + items · categories).
[[nodiscard]] checked<coefficient> fleiss_kappa(const answer_table& answers);
[[nodiscard]] checked<interval_estimate> fleiss_kappa_interval(
    const answer_table& answers, const bootstrap_settings& settings = {});

}  // namespace agon::ratings::agreement
