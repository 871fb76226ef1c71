// JSON text in and out, strictly. Everything that Agon stores, hashes or answers
// goes through these two functions.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

namespace agon::crypto {

struct json_limits {
  std::size_t bytes = 64UL * 1024;  // longest text accepted
  std::size_t depth = 16;           // deepest nesting of arrays and objects
};

// Why a text was refused, in words for the person who sent it.
struct json_error {
  std::string reason;      // "duplicate key", "nested too deeply", …
  std::size_t offset = 0;  // byte at which it was seen
};

// Parses exactly one JSON value. Refused: text over the limits, invalid UTF-8, a
// duplicate key, a number that is not finite, U+0000 inside a string (PostgreSQL
// cannot store it), and anything after the value.
[[nodiscard]] boost::system::result<nlohmann::json, json_error> parse_json(
    std::string_view text, const json_limits& limits = {});

// RFC 8785 (JSON Canonicalization Scheme): keys sorted by UTF-16 code units, no
// white space, numbers as ECMAScript prints them. The same value always gives the
// same bytes. Throws std::invalid_argument for NaN, infinities, integers beyond
// ±2^53 and invalid UTF-8, none of which parse_json lets in as such.
[[nodiscard]] std::string canonical_json(const nlohmann::json& value);

// The canonical text of an object, written without building a tree first, for what is
// printed with every vote. Keys are printable ASCII without " and \, at least one character,
// in ascending order; std::logic_error otherwise. A key must live until the next one.
class canonical_object {
 public:
  // Both throw std::invalid_argument as canonical_json does.
  canonical_object& text(std::string_view key, std::string_view value);
  canonical_object& number(std::string_view key, double value);
  // `canonical` is what canonical_json or finish() gave.
  canonical_object& json(std::string_view key, std::string_view canonical);
  [[nodiscard]] std::string finish() &&;

 private:
  std::string& begin(std::string_view key);
  std::string out_;
  std::string_view last_;
};

[[nodiscard]] std::string canonical_array(std::span<const std::string> texts);

// boost::system::result asks for this when value() is called on an error.
[[noreturn]] void throw_exception_from_error(const json_error& e, const boost::source_location&);

}  // namespace agon::crypto
