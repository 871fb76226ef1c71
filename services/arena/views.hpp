// Arena things as the API shows them (schema/openapi.yaml).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "services/arena/arena_catalog.hpp"
#include "services/arena/battle.hpp"
#include "services/arena/record_judgments.hpp"

namespace agon::arena {

[[nodiscard]] nlohmann::json view_of(const arena& a);
[[nodiscard]] nlohmann::json card_view(const std::string& slug, const system_card& card);
[[nodiscard]] nlohmann::json gate_view(const battle& b);
[[nodiscard]] nlohmann::json receipt_view(const running_arena& a, const receipt& r);
// `outputs` are empty unless the battle is ready; nothing here names a system unless
// there is a receipt.
[[nodiscard]] nlohmann::json battle_view(const running_arena& a, const battle& b,
                                         const std::vector<output>& outputs,
                                         const std::optional<receipt>& judged, time_point now);

}  // namespace agon::arena
