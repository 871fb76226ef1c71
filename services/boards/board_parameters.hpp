// What requests about boards name: a method, a segment, moments, a format.
#pragma once

#include <optional>
#include <string>

#include "services/boards/board_views.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"
#include "services/http/request.hpp"

namespace agon::boards {

// The board of the arena's plan that a method names. errc::not_found.
[[nodiscard]] result<ratings::planned_board> find_planned(const listed_arena& arena,
                                                          std::string_view method);

// The query's segment, "" for all votes. errc::not_found unless the board has segments of
// its dimension.
[[nodiscard]] result<std::string> read_segment(const http::request& r,
                                               const ratings::planned_board& board);

enum class view_format { json, csv };
// errc::invalid_input.
[[nodiscard]] result<view_format> read_format(const http::request& r);

// A moment (RFC 3339) or the end of a day (2026-11-25, UTC). Nothing if absent;
// errc::invalid_input if it is neither.
[[nodiscard]] result<std::optional<time_point>> read_moment(const http::request& r,
                                                            std::string_view name);

[[nodiscard]] result<version_query> read_page(const http::request& r);
// At most 200 boards; `now` where no end is asked for.
[[nodiscard]] result<history_query> read_history(const http::request& r, time_point now);

}  // namespace agon::boards
