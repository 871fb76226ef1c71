// Boards over HTTP: as they are, as they were, what follows from them, and events when one
// is published.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <optional>
#include <string_view>

#include "services/boards/board_feed.hpp"
#include "services/boards/board_store.hpp"
#include "services/boards/board_views.hpp"
#include "services/core/clock.hpp"
#include "services/http/router.hpp"

namespace agon::boards {

// The arenas and what is told of their systems. Wired by commands/.
class arena_directory {
 public:
  virtual ~arena_directory() = default;
  [[nodiscard]] virtual std::optional<listed_arena> by_slug(std::string_view slug) const = 0;
};

struct board_api {
  board_store& boards;
  board_feed& feed;
  const arena_directory& arenas;
  const clock_source& clock;
  boost::asio::any_io_executor work;  // for what takes longer than an I/O thread may
};

// GET /api/v1/arenas/{arena}/board and …/events. `api` and what it refers to must outlive
// the router.
void add_routes(http::router& router, board_api& api);
// GET /api/v1/arenas/{arena}/boards and what is below it. The same; add_routes adds them.
void add_board_routes(http::router& router, board_api& api);

}  // namespace agon::boards
