#include "privacy/release/table_schema.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/utf8.hpp"

namespace agon::release {
namespace {

using maybe_reason = std::optional<std::string>;

constexpr std::size_t longest_name = 128;
constexpr std::string_view other_name_characters = " ._:/+-";
constexpr double largest_exact_integer = 9007199254740992.0;  // 2^53
constexpr std::size_t pseudonym_digits = 32;
constexpr std::size_t sha256_digits = 64;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_lower_hex(std::string_view s, std::size_t digits) {
  return s.size() == digits && std::all_of(s.begin(), s.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f');
         });
}

bool is_name(std::string_view s) {
  return !s.empty() && s.size() <= longest_name && (is_digit(s.front()) || is_letter(s.front())) &&
         std::all_of(s.begin(), s.end(), [](char c) {
           return is_digit(c) || is_letter(c) ||
                  other_name_characters.find(c) != std::string_view::npos;
         });
}

bool is_day(std::string_view s) {
  if (s.size() != 10 || s[4] != '-' || s[7] != '-') return false;
  int parts[3] = {0, 0, 0};
  constexpr std::size_t starts[] = {0, 5, 8};
  constexpr std::size_t lengths[] = {4, 2, 2};
  for (std::size_t p = 0; p < 3; ++p)
    for (std::size_t i = 0; i < lengths[p]; ++i) {
      const char c = s[starts[p] + i];
      if (!is_digit(c)) return false;
      parts[p] = parts[p] * 10 + (c - '0');
    }
  return std::chrono::year_month_day{std::chrono::year{parts[0]},
                                     std::chrono::month{static_cast<unsigned>(parts[1])},
                                     std::chrono::day{static_cast<unsigned>(parts[2])}}
      .ok();
}

maybe_reason unless(bool good, const char* reason) {
  return good ? maybe_reason() : maybe_reason(reason);
}

maybe_reason number_refusal(const column& c, double v) {
  if (!std::isfinite(v)) return "the number is not finite";
  return unless(v >= c.at_least && v <= c.at_most, "the number is out of range");
}

maybe_reason string_refusal(const column& c, const std::string& s) {
  if (!crypto::is_valid_utf8(s)) return "the text is not valid UTF-8";
  if (s.find('\0') != std::string::npos) return "the text holds U+0000";
  switch (c.type) {
    case column_type::text:
      return {};
    case column_type::name:
      return unless(is_name(s), "not a name of at most 128 letters, digits and \" ._:/+-\"");
    case column_type::enumeration:
      return unless(std::find(c.values.begin(), c.values.end(), s) != c.values.end(),
                    "not one of the values of this column");
    case column_type::day:
      return unless(is_day(s), "not a day like 2026-11-30");
    case column_type::pseudonym:
      return unless(is_lower_hex(s, pseudonym_digits), "not 32 hexadecimal digits");
    case column_type::sha256:
      return unless(is_lower_hex(s, sha256_digits), "not 64 hexadecimal digits");
    case column_type::integer:
    case column_type::number:
    case column_type::boolean:
      break;
  }
  return "a string stands where none may";
}

}  // namespace

std::string_view name_of(column_type type) {
  switch (type) {
    case column_type::name:
      return "name";
    case column_type::text:
      return "text";
    case column_type::integer:
      return "integer";
    case column_type::number:
      return "number";
    case column_type::boolean:
      return "boolean";
    case column_type::enumeration:
      return "enumeration";
    case column_type::day:
      return "day";
    case column_type::pseudonym:
      return "pseudonym";
    case column_type::sha256:
      return "sha256";
  }
  return "unknown";
}

std::optional<std::size_t> table_schema::find(std::string_view column_name) const {
  const auto at = std::find_if(columns.begin(), columns.end(),
                               [&](const column& c) { return c.name == column_name; });
  if (at == columns.end()) return {};
  return static_cast<std::size_t>(at - columns.begin());
}

std::size_t table_schema::place_of(std::string_view column_name) const {
  const auto at = find(column_name);
  if (!at) throw std::logic_error("no column " + std::string(column_name));
  return *at;
}

std::string to_json(const table_schema& table) {
  nlohmann::json columns = nlohmann::json::array();
  for (const column& c : table.columns) {
    nlohmann::json entry{{"name", c.name},
                         {"type", name_of(c.type)},
                         {"nullable", c.nullable},
                         {"description", c.description}};
    if (c.type == column_type::enumeration) entry["values"] = c.values;
    if (c.type == column_type::number) entry["decimals"] = c.decimals;
    if (c.type == column_type::number || c.type == column_type::integer) {
      entry["at_least"] = c.at_least;
      entry["at_most"] = c.at_most;
    }
    if (c.type == column_type::pseudonym) entry["domain"] = c.domain;
    if (c.measures_content) entry["measures_content"] = true;
    columns.push_back(std::move(entry));
  }
  return crypto::canonical_json(
      {{"name", table.name}, {"description", table.description}, {"columns", std::move(columns)}});
}

std::string schema_sha256(const table_schema& table) {
  return crypto::to_hex(crypto::bytes_of(crypto::sha256(to_json(table))));
}

maybe_reason refusal(const column& c, const value& v) {
  if (std::holds_alternative<std::monostate>(v))
    return unless(c.nullable, "a value is missing and the column is not nullable");
  switch (c.type) {
    case column_type::boolean:
      return unless(std::holds_alternative<bool>(v), "not a boolean");
    case column_type::integer: {
      const auto* i = std::get_if<std::int64_t>(&v);
      if (i == nullptr) return "not an integer";
      const auto d = static_cast<double>(*i);
      if (std::fabs(d) > largest_exact_integer) return "the integer is beyond 2^53";
      return number_refusal(c, d);
    }
    case column_type::number: {
      const auto* d = std::get_if<double>(&v);
      return d == nullptr ? maybe_reason("not a number") : number_refusal(c, *d);
    }
    default: {
      const auto* s = std::get_if<std::string>(&v);
      return s == nullptr ? maybe_reason("not a string") : string_refusal(c, *s);
    }
  }
}

}  // namespace agon::release
