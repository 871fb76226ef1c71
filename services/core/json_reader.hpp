// Turns a JSON object into typed fields and collects every complaint, each with the
// JSON pointer of the field, so that a client sees all its mistakes at once.
//
//   json_reader in(document);
//   request.prompt = in.text("prompt", {.max = 2000});
//   if (auto bad = in.finish()) return *bad;
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/core/error.hpp"
#include "services/core/id.hpp"

namespace agon {

struct text_limits {
  std::size_t min = 0;  // in Unicode code points
  std::size_t max = 4000;
};

// Parses text strictly (privacy/crypto/canonical_json.hpp) into an object.
// errc::invalid_input with the reason, errc::payload_too_large over max_bytes.
[[nodiscard]] result<nlohmann::json> parse_object(std::string_view text,
                                                  std::size_t max_bytes = 64UL * 1024);

// The text of an answer: compact, always valid UTF-8.
[[nodiscard]] std::string print_json(const nlohmann::json& value);

class json_reader {
 public:
  // `object` must outlive the reader. `at` is the pointer of the object itself.
  explicit json_reader(const nlohmann::json& object, std::string at = "");

  // Required fields: a missing or wrong one is noted, and a default returned.
  std::string text(std::string_view key, text_limits limits = {});
  std::int64_t integer(std::string_view key, std::int64_t min, std::int64_t max);
  double number(std::string_view key, double min, double max);
  bool boolean(std::string_view key);
  uuid uuid_of(std::string_view key);
  std::size_t one_of(std::string_view key, std::initializer_list<std::string_view> names);

  // Optional fields: nothing when absent or null; a wrong value is noted.
  std::optional<std::string> optional_text(std::string_view key, text_limits limits = {});
  std::optional<std::int64_t> optional_integer(std::string_view key, std::int64_t min,
                                               std::int64_t max);
  std::optional<double> optional_number(std::string_view key, double min, double max);
  std::optional<bool> optional_boolean(std::string_view key);

  // Each element of an array of objects, as a reader that shares this one's complaints.
  // Absent counts as a complaint when `min` > 0.
  std::vector<json_reader> objects(std::string_view key, std::size_t min, std::size_t max);
  std::vector<std::string> texts(std::string_view key, std::size_t min, std::size_t max,
                                 text_limits limits = {});
  // The raw value, or nullptr (noted) when absent.
  const nlohmann::json* any(std::string_view key);

  // Notes a complaint that only the caller can see.
  void complain(std::string_view key, std::string reason);
  [[nodiscard]] std::string pointer(std::string_view key) const;

  // Also complains of members that nobody asked for. Nothing if all was well.
  [[nodiscard]] std::optional<error> finish();

 private:
  struct notes;
  json_reader(const nlohmann::json& object, std::string at, std::shared_ptr<notes> shared);
  const nlohmann::json* find(std::string_view key, bool required);
  void check_unknown() const;

  const nlohmann::json* object_;
  std::string at_;
  std::shared_ptr<notes> notes_;
  std::shared_ptr<std::vector<std::string>> known_;
};

// Number of Unicode code points of valid UTF-8.
[[nodiscard]] std::size_t code_points(std::string_view utf8);

}  // namespace agon
