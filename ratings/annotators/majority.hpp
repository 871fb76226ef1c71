// Votes counted: by heads, and by how often a head agrees with the others.
#pragma once

#include "ratings/annotators/consensus.hpp"

namespace agon::ratings::annotators {

// Each item gets the category that most answers name; accuracy is the share of a
// participant's answers that equal the label, half of it where two categories tie. O(answers +
// items · categories). Throws std::invalid_argument for gold that does not fit.
[[nodiscard]] consensus majority(const answer_table& answers, gold_labels gold = {});

// Worker agreement with aggregate: majority, then each answer weighted by its participant's
// accuracy against that majority (on gold items, against gold). One round, as Appen and
// crowd-kit define it. `accuracy` is the weight used. An item whose answers all weigh 0
// keeps its majority. Same complexity and errors.
[[nodiscard]] consensus wawa(const answer_table& answers, gold_labels gold = {});

}  // namespace agon::ratings::annotators
