// How much each vote counts on a board, as one weight per vote of a log. Start from
// whole_weights and apply what the board's settings name, in any order but the cap last.
//
// The scale of weights is free: scores, intervals and ranks do not change if all are
// multiplied by the same number.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ratings/vote_log.hpp"

namespace agon::ratings {

// 1 for each vote, 0 for those in quarantine unless `with_quarantined`.
[[nodiscard]] std::vector<float> whole_weights(const vote_log& votes,
                                               bool with_quarantined = false);

// Inverse propensity (Horvitz & Thompson 1952): multiplies by 1/p of the recorded sampling
// probability, over the mean of 1/p, so that the board is that of pairs drawn alike; no
// factor is above `clip`, which bounds what one rare pair can do. Votes without a recorded
// probability keep their weight. Throws std::invalid_argument unless clip ≥ 1.
void weigh_by_inverse_propensity(const vote_log& votes, std::span<float> weights, double clip = 10);

// Multiplies by 1/max(votes of the pair, least), so that a pair with many votes counts no
// more than one with few; Chatbot Arena's choice of least is 50. least ≥ 1.
void weigh_by_inverse_pair_count(const vote_log& votes, std::span<float> weights,
                                 double least = 50);

// Scales down the votes of each participant whose weights sum to more than `most`, so that
// they sum to it. Votes without participant are left alone. most > 0.
void cap_participants(const vote_log& votes, std::span<float> weights, double most);

// The number of votes that a prompt at this quantile of all prompts has, by linear
// interpolation; at least 1. FastChat calls a prompt frequent above the 0.9999 quantile.
// Votes without prompt are left out. The quantile is in [0, 1].
[[nodiscard]] double frequency_cap(std::span<const std::uint32_t> prompts,
                                   double quantile = 0.9999);

// Scales down the votes on each prompt that has more than `most` of them to most in all.
// FastChat keeps a random sample of that size: this is the same without the chance. For
// near duplicates pass the numbers of near_duplicates instead of the log's prompts.
void cap_prompts(std::span<const std::uint32_t> prompts, std::span<float> weights, double most);

}  // namespace agon::ratings
