// Values as PostgreSQL writes and reads them, in the session's settings (ISO, UTC, hex).
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "services/core/clock.hpp"
#include "services/core/id.hpp"

namespace agon::store {

// timestamptz with microseconds: "2026-11-24 03:11:54.120123+00".
[[nodiscard]] std::string to_sql(time_point t);
// bytea: "\x00ff".
[[nodiscard]] std::string to_bytea(std::string_view bytes);
// bytea of hexadecimal digits; throws std::invalid_argument if they are none.
[[nodiscard]] std::string hex_to_bytea(std::string_view hex);

template <class Tag>
[[nodiscard]] std::string to_sql(const id<Tag>& i) {
  return to_string(i.value);
}
// Shortest form that reads back as the same number.
[[nodiscard]] std::string to_sql(double number);

// A parameter that may be null; libpqxx sends a null char pointer as NULL.
[[nodiscard]] inline const char* or_null(const std::optional<std::string>& text) {
  return text ? text->c_str() : nullptr;
}

// Fields of a row. They throw std::invalid_argument for text that is not of the type:
// the statement and the code disagree.
[[nodiscard]] std::string_view text_of(const pqxx::field& f);
[[nodiscard]] time_point time_of(const pqxx::field& f);
[[nodiscard]] std::optional<time_point> optional_time_of(const pqxx::field& f);
[[nodiscard]] uuid uuid_of(const pqxx::field& f);
[[nodiscard]] std::string bytes_of(const pqxx::field& f);
// bytea as hexadecimal digits; empty for NULL.
[[nodiscard]] std::string hex_of(const pqxx::field& f);
[[nodiscard]] std::int64_t integer_of(const pqxx::field& f);
[[nodiscard]] int int_of(const pqxx::field& f);
[[nodiscard]] double double_of(const pqxx::field& f);
[[nodiscard]] inline bool bool_of(const pqxx::field& f) {
  return text_of(f) == "t";
}

}  // namespace agon::store
