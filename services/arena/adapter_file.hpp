// Reads how a system is reached: the part of an arena file that differs from adapter to
// adapter.
#pragma once

#include "services/arena/yaml_reader.hpp"
#include "services/systems/make_system.hpp"

namespace agon::arena {

// `adapter:` of a system's entry, and the mapping of that name. Complaints go to the reader.
[[nodiscard]] systems::system_spec read_adapter(yaml_reader& entry);

// `prices:` of a system's entry.
[[nodiscard]] systems::price_list read_prices(yaml_reader& entry);

}  // namespace agon::arena
