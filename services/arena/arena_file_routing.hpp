// The parts of an arena file that are about requests: what is asked, who can do it, and
// what is not taken.
#pragma once

#include <string>
#include <vector>

#include "services/arena/arena.hpp"
#include "services/arena/yaml_reader.hpp"

namespace agon::arena {

// `request:` of an arena.
[[nodiscard]] routing::request_schema read_request(yaml_reader& in);
// `sampling:` of an arena.
[[nodiscard]] sampling_rule read_sampling(yaml_reader& in);
// `routing:` of an arena.
[[nodiscard]] routing::routing_policy read_routing(yaml_reader& in);
// `signature:` of a system; `languages` are those of the system itself and join it.
[[nodiscard]] routing::signature read_signature(yaml_reader& in, const arena& a,
                                                const std::vector<std::string>& languages);

}  // namespace agon::arena
