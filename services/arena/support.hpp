// Which systems of an arena may be drawn for a request, and how far each supports it.
#pragma once

#include <string>
#include <vector>

#include "services/arena/arena_catalog.hpp"
#include "services/arena/sampling.hpp"
#include "services/routing/signature.hpp"

namespace agon::arena {

// Systems that support the request fully or in part, with the weights of the arena's file.
[[nodiscard]] std::vector<candidate> candidates_of(const running_arena& arena,
                                                   const routing::request& request,
                                                   const std::string& language);

// Why fewer than two can be drawn, for the voter: errc::request_unsupported.
[[nodiscard]] error refuse_request(const running_arena& arena, const routing::request& request,
                                   const std::string& language);

// How far one system supports a request, as it is kept: "full", or "partial:" and the names
// of the fields, with commas. Empty for a system that left the arena.
[[nodiscard]] std::string support_text(const running_arena& arena, int system,
                                       const routing::request& request,
                                       const std::string& language);

}  // namespace agon::arena
