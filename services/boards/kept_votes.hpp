// Votes one by one in memory, for the boards that counts per pair cannot give: those that take
// style and side out of the comparison, and those that weigh votes. Some tens of bytes each;
// read once when the job begins, then as they come.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ratings/board.hpp"
#include "ratings/board_plan.hpp"
#include "ratings/prompt_groups.hpp"
#include "services/boards/rating_store.hpp"

namespace agon::boards {

// What the boards of a plan that are made of votes one by one need to know of each.
struct kept_columns {
  std::vector<std::string> features;  // of any board
  bool any = false;                   // there is such a board
  bool participants = false;
  bool probabilities = false;
  bool prompts = false;
  std::optional<double> similarity;  // the least that a board asks for

  bool operator==(const kept_columns&) const = default;
};
[[nodiscard]] kept_columns columns_of(const ratings::board_plan& plan);

// How the outputs of a vote differ in a feature: relative to their sum, and levels (decibels) by
// their difference. 0 where it is not known of both.
[[nodiscard]] float feature_difference(const std::string& feature, const counted_vote& v);

class kept_votes {
 public:
  explicit kept_votes(kept_columns columns)
      : columns_(std::move(columns)), prompts_(columns_.similarity) {}

  [[nodiscard]] const kept_columns& columns() const { return columns_; }
  // A vote of these segments, after all that were added before.
  void add(const counted_vote& v, const std::vector<std::string>& segments);
  // The board of a segment's votes in the order in which they were added. Throws
  // std::runtime_error for a vote of a system that is not among `systems` (id, slug).
  [[nodiscard]] ratings::board board_of(
      const ratings::planned_board& planned, const std::string& segment,
      const std::vector<std::pair<int, std::string>>& systems) const;

 private:
  struct row {
    std::int32_t a, b;  // systems by their ids
    ratings::outcome winner;
    float probability;
    std::uint32_t participant, prompt;
  };
  [[nodiscard]] ratings::vote_log log_of(
      const ratings::planned_board& planned, const std::string& segment,
      const std::vector<std::pair<int, std::string>>& systems) const;

  kept_columns columns_;
  std::vector<row> rows_;
  std::vector<float> features_;  // of each row, as columns_ names them
  std::unordered_map<std::string, std::uint32_t> participants_;
  ratings::prompt_groups prompts_;
  std::map<std::string, std::vector<std::uint32_t>> segments_;  // rows of each
};

}  // namespace agon::boards
