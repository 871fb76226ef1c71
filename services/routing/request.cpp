#include "services/routing/request.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "services/core/json_reader.hpp"
#include "services/routing/json_value.hpp"

namespace agon::routing {

using json = nlohmann::json;

json to_json_value(const field_value& v) {
  return std::visit([](const auto& value) { return json(value); }, v);
}

std::optional<field_value> field_value_of(const json& v) {
  constexpr double exact = 9007199254740992.0;  // 2^53: what JSON carries without loss
  if (v.is_boolean()) return v.get<bool>();
  if (v.is_string()) return v.get<std::string>();
  if (!v.is_number()) return std::nullopt;
  const double n = v.get<double>();
  if (!std::isfinite(n)) return std::nullopt;
  if (n == std::floor(n) && std::abs(n) <= exact) return static_cast<std::int64_t>(n);
  return n;
}

json to_json_object(const request& r) {
  json out = json::object();
  for (const auto& [name, value] : r) out[name] = to_json_value(value);
  return out;
}

result<request> request_of(const json& object, std::string_view at) {
  error bad = fail(errc::invalid_input, "The request has mistakes.");
  request out;
  for (const auto& [name, value] : object.items()) {
    if (value.is_null()) continue;
    if (auto v = field_value_of(value))
      out.emplace(name, std::move(*v));
    else
      bad.fields.push_back(
          {std::string(at) + "/" + name, "must be true, false, a number or a text"});
  }
  if (!bad.fields.empty()) return bad;
  return {boost::system::in_place_value, std::move(out)};
}

std::string to_json(const request& r) {
  return crypto::canonical_json(to_json_object(r));
}

result<request> request_from_json(std::string_view text) {
  const auto parsed = parse_object(text);
  if (!parsed) return parsed.error();
  return request_of(*parsed, "");
}

std::string to_text(const field_value& v) {
  if (const auto* text = std::get_if<std::string>(&v)) return *text;
  return to_json_value(v).dump();
}

const double* as_number(const field_value& v, double& storage) {
  if (const auto* n = std::get_if<std::int64_t>(&v))
    storage = static_cast<double>(*n);
  else if (const auto* d = std::get_if<double>(&v))
    storage = *d;
  else
    return nullptr;
  return &storage;
}

}  // namespace agon::routing
