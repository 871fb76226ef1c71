#include "services/routing/request_schema.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "privacy/crypto/canonical_json.hpp"
#include "services/core/json_reader.hpp"
#include "services/feedback/text_rules.hpp"
#include "services/routing/json_value.hpp"
#include "services/routing/schema_compiler.hpp"

namespace agon::routing {
namespace {

using ordered = nlohmann::ordered_json;

constexpr std::size_t most_fields = 32;

bool is_field_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

std::string number_text(double n) {
  return to_text(n == std::floor(n) && std::abs(n) < 1e15
                     ? field_value(static_cast<std::int64_t>(n))
                     : field_value(n));
}

std::optional<std::string> range_complaint(const request_field& f, double n) {
  const bool low = f.minimum && n < *f.minimum;
  const bool high = f.maximum && n > *f.maximum;
  if ((low || high) && f.minimum && f.maximum)
    return "must be from " + number_text(*f.minimum) + " to " + number_text(*f.maximum);
  if (low) return "must be at least " + number_text(*f.minimum);
  if (high) return "must be at most " + number_text(*f.maximum);
  if (f.multiple_of) {
    const double steps = n / *f.multiple_of;
    if (std::abs(steps - std::round(steps)) > 1e-9 * std::max(1.0, std::abs(steps)))
      return "must be a multiple of " + number_text(*f.multiple_of);
  }
  return std::nullopt;
}

std::optional<std::string> text_complaint(const request_field& f, const std::string& text) {
  const std::size_t length = code_points(text);
  if (length < f.min_length)
    return "must have at least " + std::to_string(f.min_length) + " characters";
  if (length > f.max_length)
    return "must have at most " + std::to_string(f.max_length) + " characters, has " +
           std::to_string(length);
  if (feedback::has_forbidden_characters(text)) return "holds control characters";
  if (!text.empty() && feedback::tidy(text).empty()) return "holds nothing that can be seen";
  return std::nullopt;
}

std::optional<std::string> type_complaint(const request_field& f, const field_value& v) {
  switch (f.type) {
    case field_type::text:
      if (!std::holds_alternative<std::string>(v)) return "must be a text";
      break;
    case field_type::boolean:
      if (!std::holds_alternative<bool>(v)) return "must be true or false";
      break;
    case field_type::integer:
      if (!std::holds_alternative<std::int64_t>(v)) return "must be a whole number";
      break;
    case field_type::number:
      if (std::holds_alternative<bool>(v) || std::holds_alternative<std::string>(v))
        return "must be a number";
      break;
  }
  return std::nullopt;
}

// The root's own keywords. False if there is nothing to read fields from.
bool check_root(const ordered& root, std::vector<field_error>& complaints) {
  static const std::set<std::string> known = {
      "$schema", "type", "title", "description", "required", "properties", "additionalProperties"};
  for (const auto& [key, value] : root.items())
    if (known.find(key) == known.end()) complaints.push_back({"/" + key, "is not known here"});
  if (root.value("type", ordered("object")) != "object")
    complaints.push_back({"/type", "must be object"});
  if (root.value("additionalProperties", ordered(false)) != false)
    complaints.push_back(
        {"/additionalProperties", "must be false: what is not declared is refused"});
  const auto properties = root.find("properties");
  const bool good = properties != root.end() && properties->is_object() && !properties->empty() &&
                    properties->size() <= most_fields;
  if (!good)
    complaints.push_back(
        {"/properties", "must name 1 to " + std::to_string(most_fields) + " fields"});
  return good;
}

void mark_required(const ordered& root, std::vector<request_field>& fields,
                   std::vector<field_error>& complaints) {
  const auto required = root.find("required");
  if (required == root.end()) return;
  if (!required->is_array()) {
    complaints.push_back({"/required", "must be a list of names"});
    return;
  }
  for (std::size_t i = 0; i < required->size(); ++i) {
    const ordered& name = (*required)[i];
    const auto it = std::find_if(fields.begin(), fields.end(), [&](const request_field& f) {
      return name.is_string() && f.name == name.get_ref<const std::string&>();
    });
    if (it == fields.end())
      complaints.push_back({"/required/" + std::to_string(i), "must be the name of a field"});
    else
      it->required = true;
  }
}

void check_unless(const std::vector<request_field>& fields, std::vector<field_error>& complaints) {
  for (const request_field& f : fields) {
    if (f.unless.empty()) continue;
    const bool good = std::any_of(fields.begin(), fields.end(), [&](const request_field& other) {
      return other.name == f.unless && other.type == field_type::boolean && other.name != f.name;
    });
    if (!good)
      complaints.push_back(
          {"/properties/" + f.name + "/x-unless", "must be the name of another, boolean field"});
    if (f.fallback)
      complaints.push_back({"/properties/" + f.name + "/x-unless", "does not go with a default"});
    if (f.required)
      complaints.push_back({"/properties/" + f.name + "/x-unless", "does not go with required"});
  }
}

}  // namespace

std::string_view name_of(field_type t) {
  switch (t) {
    case field_type::text:
      return "string";
    case field_type::integer:
      return "integer";
    case field_type::number:
      return "number";
    case field_type::boolean:
      return "boolean";
  }
  return "string";
}

std::optional<std::string> request_field::complaint(const field_value& v) const {
  if (auto wrong = type_complaint(*this, v)) return wrong;
  if (!choices.empty()) {
    const auto same = [&](const field_value& c) { return to_text(c) == to_text(v); };
    if (std::any_of(choices.begin(), choices.end(), same)) return std::nullopt;
    std::string list;
    for (const field_value& c : choices) list += (list.empty() ? "" : ", ") + to_text(c);
    return "must be one of " + list;
  }
  if (const auto* text = std::get_if<std::string>(&v)) return text_complaint(*this, *text);
  double storage = 0;
  if (const double* n = as_number(v, storage)) return range_complaint(*this, *n);
  return std::nullopt;
}

result<request_schema> request_schema::compile(std::string_view text) {
  error bad = fail(errc::invalid_input, "The request schema has mistakes.");
  // Strictly first: no duplicate keys, no bytes that are no text, no deep nesting.
  const auto strict = parse_object(text);
  if (!strict) return strict.error();
  const ordered root = ordered::parse(text);
  request_schema out;
  if (check_root(root, bad.fields)) {
    for (const auto& [name, schema] : root.at("properties").items()) {
      const std::string at = "/properties/" + name;
      if (!is_field_name(name)) bad.fields.push_back({at, "must be named with a-z, 0-9 and _"});
      if (schema.is_object())
        out.fields_.push_back(compile_field(name, schema, at, bad.fields));
      else
        bad.fields.push_back({at, "must be a mapping of keywords"});
    }
    mark_required(root, out.fields_, bad.fields);
    check_unless(out.fields_, bad.fields);
  }
  if (!bad.fields.empty()) return bad;
  out.text_ = crypto::canonical_json(*strict);
  return {boost::system::in_place_value, std::move(out)};
}

const request_field* request_schema::find(std::string_view name) const {
  const auto it = std::find_if(fields_.begin(), fields_.end(),
                               [&](const request_field& f) { return f.name == name; });
  return it == fields_.end() ? nullptr : &*it;
}

const request_field* request_schema::find(field_rule rule) const {
  const auto it = std::find_if(fields_.begin(), fields_.end(),
                               [&](const request_field& f) { return f.rule == rule; });
  return it == fields_.end() ? nullptr : &*it;
}

std::vector<field_error> request_schema::complaints(const request& stated) const {
  std::vector<field_error> out;
  for (const auto& [name, value] : stated) {
    const request_field* f = find(name);
    std::optional<std::string> wrong =
        f == nullptr ? "is not a field of this arena" : f->complaint(value);
    if (f != nullptr && !wrong && !f->unless.empty()) {
      const auto other = stated.find(f->unless);
      if (other != stated.end() && other->second == field_value(true))
        wrong = "does not go with " + f->unless;
    }
    if (wrong) out.push_back({"/request/" + name, std::move(*wrong)});
  }
  return out;
}

std::vector<field_error> request_schema::missing(const request& r) const {
  std::vector<field_error> out;
  for (const request_field& f : fields_)
    if (f.required && !f.fallback && r.find(f.name) == r.end())
      out.push_back({"/request/" + f.name, "is missing"});
  return out;
}

request request_schema::completed(request r) const {
  for (const request_field& f : fields_)
    if (f.fallback) r.try_emplace(f.name, *f.fallback);
  return r;
}

}  // namespace agon::routing
