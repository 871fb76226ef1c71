// The typed, allow-listed columns of a released table.
//
// Nothing is ever released because it is there: a column that is not declared in
// tables.cpp cannot be written, and a value that its type does not allow stops
// the build.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "privacy/crypto/hash.hpp"

namespace agon::release {

enum class column_type {
  name,         // an identifier from an arena file: letters, digits and " ._:/+-", at most 128
  text,         // what a person or a system wrote; the finders pass over it
  integer,      // within ±2^53
  number,       // finite; rounded to `decimals`
  boolean,      //
  enumeration,  // one of `values`
  day,          // "2026-11-30", a day that exists
  pseudonym,    // given as a raw id, released as a keyed hash of 32 hexadecimal digits
  sha256,       // 64 hexadecimal digits, lower case
};

[[nodiscard]] std::string_view name_of(column_type type);

struct column {
  std::string_view name;
  column_type type;
  std::string_view description;
  bool nullable = false;
  std::vector<std::string_view> values = {};  // enumeration: the closed set
  int decimals = 6;                           // number: digits kept after the point
  double at_least = -1e15, at_most = 1e15;    // number and integer: the range
  std::string_view domain = {};               // pseudonym: ids of one domain share a hash
  // Null unless the battle's prompt is published and nothing in it was redacted.
  bool measures_content = false;
};

struct table_schema {
  std::string_view name;
  std::string_view description;
  std::vector<column> columns;  // in the order of their names, as the files hold them

  // The column's place, or nothing if the table does not declare it.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view column_name) const;
  // The same for a column that must be there; std::logic_error if it is not.
  [[nodiscard]] std::size_t place_of(std::string_view column_name) const;
};

// The schema in canonical JSON, and the SHA-256 of that, which the manifest holds.
[[nodiscard]] std::string to_json(const table_schema& table);
[[nodiscard]] std::string schema_sha256(const table_schema& table);

// monostate is null.
using value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

// Nothing if a released cell may hold this; else why not, without the value.
// For a pseudonym this judges the released form, not the raw id.
[[nodiscard]] std::optional<std::string> refusal(const column& c, const value& v);

}  // namespace agon::release
