// The part of an arena file that says which boards there are.
#pragma once

#include "services/arena/arena.hpp"
#include "services/arena/yaml_reader.hpp"

namespace agon::arena {

// `boards:`, or the default plan if the file is silent, with style control where outputs of the
// arena's modality have style. Call it when modality and systems are read: an anchor is one of
// them.
[[nodiscard]] ratings::board_plan read_boards(yaml_reader& in, const arena& a);

}  // namespace agon::arena
