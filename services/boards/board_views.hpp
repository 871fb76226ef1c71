// Boards as the interface tells them (schema/openapi.yaml): JSON, and CSV for those who
// save a file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ratings/board_plan.hpp"
#include "services/boards/board_store.hpp"

namespace agon::boards {

struct listed_system {
  std::string slug;
  std::string name;
  std::string maker;
  std::string licence;
};

struct listed_arena {
  int id = 0;
  std::string slug;
  std::vector<listed_system> systems;  // in the file now
  ratings::board_plan plan = ratings::default_plan();

  // The slug itself for a system that has left the file.
  [[nodiscard]] const std::string& name_of(const std::string& slug) const;
};

// The slug of an arena with a method and a segment, as every view begins.
struct view_of {
  const listed_arena& arena;
  std::string method;
  std::string segment;
};

// A board before its first vote: every system without votes.
[[nodiscard]] std::string unrated_json(const view_of& of);
[[nodiscard]] std::string board_json(const view_of& of, const stored_board& board);
[[nodiscard]] std::string board_csv(const view_of& of, const std::optional<stored_board>& board);

// `current`: the newest version of each board and segment.
[[nodiscard]] std::string board_list_json(const listed_arena& arena,
                                          const std::vector<board_version>& current);
// `limit`: what was asked for; a full page has a next one.
[[nodiscard]] std::string versions_json(const view_of& of, const std::vector<board_version>& page,
                                        int limit);
[[nodiscard]] std::string history_json(const view_of& of, const history_query& query,
                                       const std::vector<stored_board>& boards);
[[nodiscard]] std::string history_csv(const view_of& of, const std::vector<stored_board>& boards);

}  // namespace agon::boards
