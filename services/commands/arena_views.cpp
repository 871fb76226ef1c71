#include "services/commands/arena_views.hpp"

namespace agon::commands {
namespace {

std::optional<participants::consent_terms> terms_of(const arena::arena_ptr& a) {
  if (!a) return std::nullopt;
  participants::consent_terms terms;
  terms.arena = a->definition.id;
  terms.slug = a->definition.slug;
  terms.text_sha256 = a->definition.consent.sha256;
  for (const arena::purpose& p : a->definition.consent.purposes) {
    terms.purposes.push_back(p.id);
    if (p.required) terms.required.push_back(p.id);
  }
  return terms;
}

}  // namespace

std::optional<participants::consent_terms> arena_views::terms_by_slug(std::string_view slug) const {
  return terms_of(arenas_.find(slug));
}

std::optional<participants::consent_terms> arena_views::terms_by_id(int arena) const {
  return terms_of(arenas_.find(arena));
}

std::optional<boards::listed_arena> arena_views::by_slug(std::string_view slug) const {
  const arena::arena_ptr a = arenas_.find(slug);
  if (!a) return std::nullopt;
  boards::listed_arena out{a->definition.id, a->definition.slug, {}, a->definition.boards};
  for (const arena::registered_system& s : a->definition.systems)
    out.systems.push_back({s.slug, s.card.name, s.card.maker, s.card.licence});
  return out;
}

participants::arena_retention retention_of(const arena::arena& a) {
  return {a.id, std::chrono::days(a.retention.exposures), std::chrono::days(a.retention.unjudged)};
}

std::optional<int> arena_views::id_of(std::string_view slug) const {
  const arena::arena_ptr a = arenas_.find(slug);
  if (!a) return std::nullopt;
  return a->definition.id;
}

}  // namespace agon::commands
