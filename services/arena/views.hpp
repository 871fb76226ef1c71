// Arena things as the API shows them (schema/openapi.yaml).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "services/arena/arena_catalog.hpp"
#include "services/arena/battle.hpp"
#include "services/arena/live_text.hpp"
#include "services/arena/record_judgments.hpp"

namespace agon::arena {

[[nodiscard]] nlohmann::json view_of(const arena& a);
[[nodiscard]] nlohmann::json gate_view(const battle& b);
// Who a system is, as canonical JSON; of one that has left the arena, what is still known.
[[nodiscard]] std::string revealed_card(const arena& a, const std::string& slug);
// Canonical JSON: it is the answer to every vote, and so is written without a tree.
[[nodiscard]] std::string receipt_text(const running_arena& a, const receipt& r);
// `outputs` are empty unless the battle is ready; nothing here names a system unless
// there is a receipt.
[[nodiscard]] nlohmann::json battle_view(const running_arena& a, const battle& b,
                                         const std::vector<output>& outputs,
                                         const std::optional<receipt>& judged, time_point now);

// A piece of the texts of a battle while they are written.
[[nodiscard]] nlohmann::json live_text_view(const live_text::part& p);

}  // namespace agon::arena
