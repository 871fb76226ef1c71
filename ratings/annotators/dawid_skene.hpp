// Dawid & Skene (1979, Appl. Statist. 28:20): each participant errs in their own way, and
// the truth is what makes all answers most probable.
//
//   P(answers of item i, truth t) = p_t Π_answers π_w(l | t)
//
// full: π_w any matrix of K × K; one coin: π_w(l | t) = a_w if l = t, else (1 − a_w)/(K − 1).
// Maximised by EM from the shares of answers, with `smoothing` pseudo-answers for each
// category (a Dirichlet prior), so that a participant with few answers is not taken for
// infallible.
#pragma once

#include <vector>

#include "ratings/annotators/consensus.hpp"

namespace agon::ratings::annotators {

enum class error_model : std::uint8_t { full, one_coin };

struct dawid_skene_settings {
  error_model errors = error_model::full;
  double smoothing = 0.01;  // in [0, 1e6]; 0 is the paper's maximum likelihood
  iteration_settings iteration;
};

struct dawid_skene_fit {
  consensus result;                 // accuracy: Σ_t p_t π_w(t | t); one coin: a_w
  std::vector<double> class_share;  // p_t
  // full: participants × truth × answer, each row summing to 1; empty for one coin.
  std::vector<double> confusion;
  convergence fit;
};

// A participant may answer an item more than once; each answer counts. Throws
// std::invalid_argument for settings out of range. Deterministic. Time per iteration
// O(answers · categories), memory O((items + participants · categories) · categories).
[[nodiscard]] dawid_skene_fit dawid_skene(const answer_table& answers,
                                          const dawid_skene_settings& settings = {},
                                          gold_labels gold = {});

}  // namespace agon::ratings::annotators
