// What every way of bringing many answers to one label has in common.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "ratings/answers.hpp"

namespace agon::ratings::annotators {

inline constexpr std::uint32_t no_category = std::numeric_limits<std::uint32_t>::max();

// What is known beforehand: by item its true category, or no_category. Empty: nothing is
// known. A gold item keeps its label whatever is answered, and teaches the model who errs.
using gold_labels = std::span<const std::uint32_t>;

struct item_label {
  std::uint32_t category = no_category;  // none: nobody answered, and it is not gold
  double probability = 0;                // of this category; for `majority` its share
  bool tied = false;  // another category is exactly as probable; the lower index is taken
};

struct participant_quality {
  std::uint64_t answers = 0;
  // Probability that an answer is right, as the method sees it; absent without answers.
  std::optional<double> accuracy;
};

struct consensus {
  std::size_t categories = 0;
  std::vector<double> posterior;  // row-major items × categories; zeros where no label is
  std::vector<item_label> labels;
  std::vector<participant_quality> participants;
};

// How an iteration ended. The objective (log likelihood plus log prior) never falls.
struct convergence {
  double objective = 0;
  int iterations = 0;
  bool converged = false;
};

struct iteration_settings {
  int most_iterations = 200;  // 1 … 1,000,000
  // Ends when the objective gains less than this per answer.
  double tolerance = 1e-7;  // in [0, 1]
};

// Used by the methods; inside the library only.

// Throws std::invalid_argument unless gold is empty or names a category (or none) for each
// item, and the settings are in range.
void require_valid(const answer_table& answers, gold_labels gold);
void require_valid(const iteration_settings& settings);

[[nodiscard]] inline std::uint32_t gold_of(gold_labels gold, std::size_t item) {
  return gold.empty() ? no_category : gold[item];
}

// Log weights become probabilities; returns the logarithm of their sum. With gold its
// category has probability 1, and its log weight is returned.
double to_probabilities(std::span<double> log_weights, std::uint32_t gold = no_category);

// Shares of the answers of each item; gold items have 1 for theirs.
[[nodiscard]] std::vector<double> answer_shares(const answer_table& answers, gold_labels gold);

// Labels from the posterior, and the participants' numbers of answers.
[[nodiscard]] consensus labelled(const answer_table& answers, gold_labels gold,
                                 std::vector<double> posterior);

// Calls step(), which returns the objective, until it no longer grows.
template <typename Step>
convergence iterate(const iteration_settings& settings, std::size_t answers, Step step) {
  convergence out;
  out.objective = -std::numeric_limits<double>::infinity();
  while (out.iterations < settings.most_iterations && !out.converged) {
    const double next = step();
    ++out.iterations;
    out.converged = next - out.objective <= settings.tolerance * static_cast<double>(answers);
    out.objective = next;
  }
  return out;
}

}  // namespace agon::ratings::annotators
