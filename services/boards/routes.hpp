// Boards over HTTP: the newest of a method, and events when one is published.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/boards/board_feed.hpp"
#include "services/boards/board_store.hpp"
#include "services/http/router.hpp"

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
  std::vector<listed_system> systems;
};

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
};

// GET /api/v1/arenas/{arena}/board and /api/v1/arenas/{arena}/events. `api` and what it
// refers to must outlive the router.
void add_routes(http::router& router, board_api& api);

}  // namespace agon::boards
