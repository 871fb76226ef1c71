// One field of a request schema, from JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "services/routing/request_schema.hpp"

namespace agon::routing {

// Adds what is wrong to `complaints`, each with its pointer below `at`.
[[nodiscard]] request_field compile_field(const std::string& name,
                                          const nlohmann::ordered_json& schema,
                                          const std::string& at,
                                          std::vector<field_error>& complaints);

}  // namespace agon::routing
