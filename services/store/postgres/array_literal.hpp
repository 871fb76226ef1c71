// Arrays as PostgreSQL writes them: libpqxx 6.4 has no array parameters, so they go as
// text and are cast in SQL ($1::uuid[]). The only place that builds or reads them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace agon::store {

// Builds {"a","b"}: every element quoted, so that none can end the literal, whatever it
// holds. Numbers and uuids take quotes as well.
class array_literal {
 public:
  // Throws std::invalid_argument for U+0000, which PostgreSQL cannot keep.
  array_literal& add(std::string_view element);
  array_literal& add_null();
  // The literal so far.
  [[nodiscard]] std::string text() const { return text_.empty() ? "{}" : text_ + '}'; }

 private:
  std::string text_;
};

[[nodiscard]] std::string to_array(std::span<const std::string> elements);
[[nodiscard]] std::string to_array(std::span<const int> elements);
[[nodiscard]] std::string to_array(std::span<const double> elements);

// Reads a one-dimensional array without null elements, as PostgreSQL prints it. Throws
// std::invalid_argument for anything else.
[[nodiscard]] std::vector<std::string> parse_array(std::string_view text);
[[nodiscard]] std::vector<int> parse_int_array(std::string_view text);
[[nodiscard]] std::vector<double> parse_double_array(std::string_view text);

}  // namespace agon::store
