#include "services/store/postgres/columns.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

#include "privacy/crypto/encoding.hpp"

namespace agon::store {
namespace {

[[noreturn]] void unexpected(const pqxx::field& f) {
  throw std::invalid_argument(std::string("unexpected value in column ") + f.name());
}

template <class Number>
Number number_of(const pqxx::field& f) {
  const std::string_view text = text_of(f);
  Number value{};
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || stop != text.data() + text.size()) unexpected(f);
  return value;
}

}  // namespace

std::string to_sql(time_point t) {
  return to_text(t, "0000-00-00 00:00:00.000000+00");
}

std::string to_bytea(std::string_view bytes) {
  return "\\x" + crypto::to_hex(bytes);
}

std::string hex_to_bytea(std::string_view hex) {
  if (!crypto::from_hex(hex)) throw std::invalid_argument("not hexadecimal");
  return "\\x" + std::string(hex);
}

std::string to_sql(double number) {
  return fmt::format("{}", number);
}

std::string_view text_of(const pqxx::field& f) {
  return {f.c_str(), f.size()};
}

time_point time_of(const pqxx::field& f) {
  // "2026-11-24 03:11:54.120123+00" differs from RFC 3339 in two places.
  std::string text(text_of(f));
  if (text.size() < 22 || text[10] != ' ' || !text.ends_with("+00")) unexpected(f);
  text[10] = 'T';
  text.replace(text.size() - 3, 3, "Z");
  const auto t = parse_rfc3339(text);
  if (!t) unexpected(f);
  return *t;
}

std::optional<time_point> optional_time_of(const pqxx::field& f) {
  if (f.is_null()) return std::nullopt;
  return time_of(f);
}

uuid uuid_of(const pqxx::field& f) {
  const auto id = parse_uuid(text_of(f));
  if (!id) unexpected(f);
  return *id;
}

std::string hex_of(const pqxx::field& f) {
  const std::string_view text = text_of(f);
  if (text.empty() && f.is_null()) return {};
  if (!text.starts_with("\\x")) unexpected(f);
  return std::string(text.substr(2));
}

std::string bytes_of(const pqxx::field& f) {
  const auto bytes = crypto::from_hex(hex_of(f));
  if (!bytes) unexpected(f);
  return *bytes;
}

std::int64_t integer_of(const pqxx::field& f) {
  return number_of<std::int64_t>(f);
}

int int_of(const pqxx::field& f) {
  return number_of<int>(f);
}

double double_of(const pqxx::field& f) {
  return number_of<double>(f);
}

}  // namespace agon::store
