// The arenas as applied. Implemented in services/store/postgres.
#pragma once

#include <string>
#include <vector>

#include "services/arena/arena.hpp"
#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"

namespace agon::arena {

struct stored_arena {
  int id = 0;
  int version = 0;
  int protocol_version = 0;
  std::string source;                                   // YAML
  std::vector<std::pair<std::string, int>> system_ids;  // slug → id, the inactive ones too
};

struct arena_counts {
  int arena = 0;
  std::int64_t votes = 0;  // as the rating job has counted them
};

struct applied {
  int version = 0;
  bool changed = false;  // false: the same file was in force already
};

class arena_store {
 public:
  virtual ~arena_store() = default;

  // Puts a parsed file in force: a new version if its bytes differ from the current
  // ones, a new protocol version if its questions differ; systems that have left the
  // file stay, inactive. One transaction under a lock; safe to call at once from many.
  [[nodiscard]] virtual awaitable<result<applied>> apply(const arena& a) = 0;
  // Every arena in its current version.
  [[nodiscard]] virtual awaitable<result<std::vector<stored_arena>>> load_all() = 0;
  // The questions of an older protocol version, as canonical JSON. errc::not_found.
  [[nodiscard]] virtual awaitable<result<std::string>> protocol(int arena,
                                                                int protocol_version) = 0;
  [[nodiscard]] virtual awaitable<result<std::vector<arena_counts>>> counts() = 0;
};

}  // namespace agon::arena
