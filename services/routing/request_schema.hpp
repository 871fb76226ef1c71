// What an arena asks beside the prompt's text: a small, documented subset of JSON Schema
// 2020-12 (docs/arena-files.md), compiled once when the arena comes into force.
//
// The root is an object of at most 32 named fields, none of them nested. A field has
//   type        string, integer, number or boolean (required)
//   enum        the values that it may have
//   minimum, maximum, multipleOf        of numbers
//   minLength, maxLength                of strings, in code points; maxLength is 4000 unless told
//   default, title, description, examples
//   x-rule      which rule fills it from the prompt's text (rules.hpp); by its name unless told
//   x-unless    a boolean field: while that is true this one must not be stated
// and the root has type, properties, required, additionalProperties (false), title,
// description. Any other keyword is a mistake: a schema that promises what is not
// checked would be worse than none.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/routing/request.hpp"

namespace agon::routing {

enum class field_type { text, integer, number, boolean };
// JSON Schema's name of it.
[[nodiscard]] std::string_view name_of(field_type t);

// How the deterministic rules find a field in the text of a prompt.
enum class field_rule { none, language, duration, instrumental, lyrics, bpm, choice };

struct request_field {
  std::string name;
  field_type type = field_type::text;
  std::string title;
  std::vector<field_value> choices;  // empty: any
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::optional<double> multiple_of;
  std::size_t min_length = 0;
  std::size_t max_length = 4000;
  std::optional<field_value> fallback;  // `default`
  bool required = false;
  field_rule rule = field_rule::none;
  std::string unless;  // name of a boolean field, or empty

  // Nothing, or what is wrong with the value, in words that follow the field's name.
  [[nodiscard]] std::optional<std::string> complaint(const field_value& v) const;
};

class request_schema {
 public:
  // An arena without fields.
  request_schema() = default;

  // errc::invalid_input with every mistake, by its pointer in the schema. The fields keep
  // the order of the text. At most 64 KiB.
  [[nodiscard]] static result<request_schema> compile(std::string_view json);

  [[nodiscard]] bool empty() const { return fields_.empty(); }
  [[nodiscard]] const std::vector<request_field>& fields() const { return fields_; }
  // Null if there is no such field.
  [[nodiscard]] const request_field* find(std::string_view name) const;
  [[nodiscard]] const request_field* find(field_rule rule) const;
  // The schema as canonical JSON; empty for an arena without fields.
  [[nodiscard]] const std::string& text() const { return text_; }

  // What is wrong with what was stated, each with its pointer ("/request/duration"). Fields
  // that are required and absent are no complaint here: routing may still fill them.
  [[nodiscard]] std::vector<field_error> complaints(const request& stated) const;
  // Required fields that are absent, likewise.
  [[nodiscard]] std::vector<field_error> missing(const request& r) const;
  // With the defaults of absent fields.
  [[nodiscard]] request completed(request r) const;

 private:
  std::vector<request_field> fields_;
  std::string text_;
};

}  // namespace agon::routing
