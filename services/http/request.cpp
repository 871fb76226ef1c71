#include "services/http/request.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "services/http/address_counts.hpp"
#include "services/http/percent.hpp"
#include "services/http/trimmed.hpp"

namespace agon::http {
namespace {

// Takes the text up to `separator` off the front of `rest`.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

}  // namespace

std::string_view name_of(method m) {
  switch (m) {
    case method::get:
      return "GET";
    case method::head:
      return "HEAD";
    case method::post:
      return "POST";
    case method::put:
      return "PUT";
    case method::patch:
      return "PATCH";
    case method::delete_:
      return "DELETE";
    case method::options:
      return "OPTIONS";
  }
  return "GET";
}

std::string request::client_network() const {
  return address_group(client_address.reveal());
}

std::string_view request::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return {};
}

std::string_view request::parameter(std::string_view name) const {
  for (const auto& [known, value] : path_parameters)
    if (known == name) return value;
  throw std::out_of_range("the route has no path parameter of that name");
}

uuid request::uuid_parameter(std::string_view name) const {
  const auto parsed = parse_uuid(parameter(name));
  if (!parsed) throw std::out_of_range("the path parameter is not declared as a uuid");
  return *parsed;
}

std::optional<std::string> request::query_parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    std::string_view value = take(rest, '&');
    const auto key = decode_query(take(value, '='));
    if (key && *key == name) return decode_query(value);
  }
  return std::nullopt;
}

std::string_view request::cookie(std::string_view name) const {
  for (const auto& [header_name, text] : headers) {
    if (header_name != "cookie") continue;
    std::string_view rest = text;
    while (!rest.empty()) {
      std::string_view value = take(rest, ';');
      if (trimmed(take(value, '=')) == name) return trimmed(value);
    }
  }
  return {};
}

}  // namespace agon::http
