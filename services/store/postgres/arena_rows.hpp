// An arena file on its way into the database.
#pragma once

#include <string>
#include <vector>

#include "services/arena/arena_store.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {

// What is kept of a file, in the form in which it is kept.
struct arena_rows {
  explicit arena_rows(const arena::arena& a);

  struct system {
    std::string slug;
    std::string card;  // canonical JSON
  };
  std::string slug;
  std::string source;
  std::string protocol;  // canonical JSON
  std::string boards;    // the same
  std::string consent_sha256;
  std::string consent_title;
  std::string consent_text;
  std::vector<system> systems;
};

// Puts the file in force, inside a transaction of the caller's.
[[nodiscard]] arena::applied apply_arena(session& db, const arena_rows& rows);

}  // namespace agon::store
