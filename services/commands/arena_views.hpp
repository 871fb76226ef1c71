// The arenas as other features ask for them: wiring between features that do not know
// one another.
#pragma once

#include "services/arena/arena_catalog.hpp"
#include "services/boards/routes.hpp"
#include "services/participants/retention.hpp"
#include "services/participants/routes.hpp"

namespace agon::commands {

class arena_views final : public participants::terms_source, public boards::arena_directory {
 public:
  explicit arena_views(const arena::arena_catalog& arenas) : arenas_(arenas) {}

  [[nodiscard]] std::optional<participants::consent_terms> terms_by_slug(
      std::string_view slug) const override;
  [[nodiscard]] std::optional<participants::consent_terms> terms_by_id(int arena) const override;
  [[nodiscard]] std::optional<boards::listed_arena> by_slug(std::string_view slug) const override;
  [[nodiscard]] std::optional<int> id_of(std::string_view slug) const;

 private:
  const arena::arena_catalog& arenas_;
};

[[nodiscard]] participants::arena_retention retention_of(const arena::arena& a);

}  // namespace agon::commands
