// Every column of what a release reads is published or kept back by somebody's decision.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace agon::releases {

// The first column, as "battle.prompt", about which nobody has decided; nothing if all is
// decided. A migration that adds a column stops every release until it stands in the list.
[[nodiscard]] std::optional<std::string> undecided_column(const std::vector<std::string>& columns);

}  // namespace agon::releases
