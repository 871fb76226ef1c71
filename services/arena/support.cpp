#include "services/arena/support.hpp"

#include <algorithm>

namespace agon::arena {
namespace {

routing::battle_needs needs_of(const running_arena& arena, const std::string& language) {
  return {.language = language, .emits = std::string(name_of(arena.definition.kind))};
}

bool runs(const running_arena& arena, const registered_system& s) {
  return arena.adapters.contains(s.id) && s.weight > 0;
}

}  // namespace

std::vector<candidate> candidates_of(const running_arena& arena, const routing::request& request,
                                     const std::string& language) {
  const routing::battle_needs needs = needs_of(arena, language);
  std::vector<candidate> out;
  for (const registered_system& s : arena.definition.systems) {
    if (!arena.adapters.contains(s.id)) continue;
    const auto fits = routing::check_support(s.signature, arena.definition.request, request, needs);
    if (fits.level != routing::support::none) out.push_back({s.id, s.weight});
  }
  return out;
}

error refuse_request(const running_arena& arena, const routing::request& request,
                     const std::string& language) {
  const routing::battle_needs needs = needs_of(arena, language);
  std::vector<routing::verdict> verdicts;
  for (const registered_system& s : arena.definition.systems)
    if (runs(arena, s))
      verdicts.push_back(
          routing::check_support(s.signature, arena.definition.request, request, needs));
  return routing::explain_misfit(verdicts, arena.definition.request);
}

std::string support_text(const running_arena& arena, int system, const routing::request& request,
                         const std::string& language) {
  const registered_system* s = arena.definition.find_system(system);
  if (s == nullptr) return {};
  const auto fits = routing::check_support(s->signature, arena.definition.request, request,
                                           needs_of(arena, language));
  if (fits.level == routing::support::full) return "full";
  std::vector<std::string> fields;
  for (const routing::support_reason& r : fits.reasons) fields.push_back(r.field);
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  std::string out = "partial:";
  for (std::size_t i = 0; i < fields.size(); ++i) out += (i == 0 ? "" : ",") + fields[i];
  return out;
}

}  // namespace agon::arena
