// What can be said of a board beyond its scores, computed from its tallies: pairs, the
// difference of a segment, robustness, the plane of score and speed. Pure functions that
// may take many milliseconds with hundreds of systems: not for an I/O thread.
#pragma once

#include <string>
#include <vector>

#include "services/boards/board_views.hpp"

namespace agon::boards {

struct analysed_board {
  view_of of;
  ratings::planned_board planned;
  const counted_board& counted;  // with a board
};

[[nodiscard]] std::string pairs_json(const analysed_board& a);
[[nodiscard]] std::string pairs_csv(const analysed_board& a);

// Of a segment's board, by a method on tallies.
[[nodiscard]] std::string difference_json(const analysed_board& a);
[[nodiscard]] std::string difference_csv(const analysed_board& a);

[[nodiscard]] std::string robustness_json(const analysed_board& a);

[[nodiscard]] std::string plane_json(const view_of& of, const stored_board& board,
                                     const std::vector<system_speed>& speeds);
[[nodiscard]] std::string plane_csv(const view_of& of, const stored_board& board,
                                    const std::vector<system_speed>& speeds);

}  // namespace agon::boards
