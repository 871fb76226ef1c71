// The structured part of a prompt: what an arena's `request:` schema describes, such as
// duration, language or lyrics. Plain values without JSON, for routes and adapters.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "services/core/error.hpp"

namespace agon::routing {

using field_value = std::variant<bool, std::int64_t, double, std::string>;
// By name; a field that was not stated and has no default is absent.
using request = std::map<std::string, field_value, std::less<>>;

// Canonical JSON: equal requests have equal bytes.
[[nodiscard]] std::string to_json(const request& r);
// The reverse, for any flat object. errc::invalid_input with the pointer of each member
// that is neither a boolean, a number nor a string; a null counts as absent. Numbers
// without a fraction become integers.
[[nodiscard]] result<request> request_from_json(std::string_view text);

// As a person would write it: true, 30, 2.5, or the text itself.
[[nodiscard]] std::string to_text(const field_value& v);
// A number in either form; nothing otherwise.
[[nodiscard]] const double* as_number(const field_value& v, double& storage);

}  // namespace agon::routing
