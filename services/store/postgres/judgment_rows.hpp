// The rows of a batch of submissions, as the writer's statements take them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "services/arena/judgment_log.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {

// A submission and the nonce of each of its judgments. Sorted by question, so that two
// writers that are offered the same rows take them in the same order and cannot deadlock.
struct judgment_item {
  battle_id battle;
  arena::decision decide;  // makes the submission; empty once it is made
  arena::submission submission;
  std::vector<std::string> nonces;  // 32 bytes each
};

// A row that is there already.
struct existing_judgment {
  std::size_t item = 0;  // index of the item that is in conflict with it
  std::string question;
  std::optional<ratings::outcome> winner;
  std::string idempotency_key;
  std::string nonce;
  time_point answered_at;
};

using judgment_items = std::span<const judgment_item* const>;

// Inserts the rows that meet no row of the same question, and gives their number.
[[nodiscard]] std::size_t insert_judgments(session& db, judgment_items items);
// What is there for any question of these items.
[[nodiscard]] std::vector<existing_judgment> find_existing(session& db, judgment_items items);

// The statement of the latter, for the test of its plan.
[[nodiscard]] const statement& find_conflicts_statement();

[[nodiscard]] std::size_t count_rows(judgment_items items);

}  // namespace agon::store
