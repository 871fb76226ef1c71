// Between field values and JSON trees; for sources that handle JSON anyway.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "services/routing/request.hpp"

namespace agon::routing {

[[nodiscard]] nlohmann::json to_json_value(const field_value& v);
[[nodiscard]] nlohmann::json to_json_object(const request& r);
// Nothing for null, arrays, objects and numbers that are not finite.
[[nodiscard]] std::optional<field_value> field_value_of(const nlohmann::json& v);
// As request_from_json, for an object that is parsed; `at` is its pointer.
[[nodiscard]] result<request> request_of(const nlohmann::json& object, std::string_view at);

}  // namespace agon::routing
