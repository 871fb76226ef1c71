// Published partitions over HTTP: their list, and their files.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "services/http/router.hpp"
#include "services/releases/release_store.hpp"

namespace agon::releases {

struct release_api {
  release_list& list;
  // The id of an arena by its slug; nothing if there is none. Wired by commands/.
  std::function<std::optional<int>(std::string_view)> arena_id;
  std::filesystem::path root;
};

// GET /api/v1/arenas/{arena}/releases and /releases/{arena}/{partition}/{file}. Only files
// that a sealed partition lists are served. `api` must outlive the router.
void add_routes(http::router& router, release_api& api);

}  // namespace agon::releases
