#include "services/routing/schema_compiler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "services/routing/json_value.hpp"

namespace agon::routing {
namespace {

using ordered = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> type_names{"string", "integer", "number", "boolean"};
constexpr std::array<std::string_view, 7> rule_names{
    "none", "language", "duration", "instrumental", "lyrics", "bpm", "choice"};
constexpr std::size_t most_choices = 500;
constexpr std::size_t longest_field = 4000;

// Reads the keywords of one field, and then says which it did not know.
class keywords {
 public:
  keywords(const ordered& schema, const std::string& at, std::vector<field_error>& complaints)
      : schema_(schema), at_(at), complaints_(complaints) {}

  void complain(std::string_view key, std::string reason) {
    complaints_.push_back({at_ + "/" + std::string(key), std::move(reason)});
  }
  const ordered* find(std::string_view key) {
    known_.emplace_back(key);
    const auto it = schema_.find(std::string(key));
    return it == schema_.end() ? nullptr : &*it;
  }
  std::string text(std::string_view key) {
    const ordered* v = find(key);
    if (v == nullptr) return {};
    if (v->is_string() && v->get_ref<const std::string&>().size() <= 1000)
      return v->get<std::string>();
    complain(key, "must be a text of at most 1000 bytes");
    return {};
  }
  std::optional<double> number(std::string_view key) {
    const ordered* v = find(key);
    if (v == nullptr) return std::nullopt;
    if (v->is_number() && std::isfinite(v->get<double>())) return v->get<double>();
    complain(key, "must be a number");
    return std::nullopt;
  }
  std::size_t length(std::string_view key, std::size_t fallback) {
    const auto n = number(key);
    if (!n) return fallback;
    if (*n >= 0 && *n <= longest_field && *n == std::floor(*n)) return static_cast<std::size_t>(*n);
    complain(key, "must be a whole number from 0 to " + std::to_string(longest_field));
    return fallback;
  }
  template <std::size_t N>
  std::optional<std::size_t> one_of(std::string_view key,
                                    const std::array<std::string_view, N>& names) {
    const ordered* v = find(key);
    if (v == nullptr) return std::nullopt;
    std::string list;
    for (std::size_t i = 0; i < N; ++i) {
      if (v->is_string() && v->get_ref<const std::string&>() == names[i]) return i;
      list += (list.empty() ? "" : ", ") + std::string(names[i]);
    }
    complain(key, "must be one of " + list);
    return std::nullopt;
  }
  void end() {
    for (const auto& [key, value] : schema_.items())
      if (std::find(known_.begin(), known_.end(), key) == known_.end())
        complain(key, "is not known here");
  }

 private:
  const ordered& schema_;
  const std::string& at_;
  std::vector<field_error>& complaints_;
  std::vector<std::string> known_;
};

field_rule rule_by_name(const request_field& f) {
  if (f.name == "language" && f.type == field_type::text) return field_rule::language;
  if (f.name == "lyrics" && f.type == field_type::text) return field_rule::lyrics;
  if (f.name == "instrumental" && f.type == field_type::boolean) return field_rule::instrumental;
  const bool number = f.type == field_type::integer || f.type == field_type::number;
  if (f.name == "duration" && number) return field_rule::duration;
  if (f.name == "bpm" && number) return field_rule::bpm;
  if (f.type == field_type::text && !f.choices.empty()) return field_rule::choice;
  return field_rule::none;
}

bool rule_fits(const request_field& f) {
  switch (f.rule) {
    case field_rule::none:
      return true;
    case field_rule::language:
    case field_rule::lyrics:
      return f.type == field_type::text;
    case field_rule::choice:
      return f.type == field_type::text && !f.choices.empty();
    case field_rule::instrumental:
      return f.type == field_type::boolean;
    case field_rule::duration:
    case field_rule::bpm:
      return f.type == field_type::integer || f.type == field_type::number;
  }
  return false;
}

void read_bounds(keywords& in, request_field& f) {
  const bool number = f.type == field_type::integer || f.type == field_type::number;
  f.minimum = in.number("minimum");
  f.maximum = in.number("maximum");
  f.multiple_of = in.number("multipleOf");
  f.min_length = in.length("minLength", 0);
  f.max_length = in.length("maxLength", longest_field);
  if (!number && (f.minimum || f.maximum || f.multiple_of))
    in.complain("type", "is not a number, so it has neither minimum, maximum nor multipleOf");
  if (f.type != field_type::text &&
      (in.find("minLength") != nullptr || in.find("maxLength") != nullptr))
    in.complain("type", "is not a string, so it has neither minLength nor maxLength");
  if (f.minimum && f.maximum && *f.minimum > *f.maximum)
    in.complain("maximum", "is below the minimum");
  if (f.min_length > f.max_length) in.complain("maxLength", "is below minLength");
  if (f.multiple_of && *f.multiple_of <= 0) {
    in.complain("multipleOf", "must be above 0");
    f.multiple_of.reset();
  }
}

void read_choices(keywords& in, request_field& f) {
  const ordered* list = in.find("enum");
  if (list == nullptr) return;
  if (!list->is_array() || list->empty() || list->size() > most_choices)
    return in.complain("enum",
                       "must be a list of 1 to " + std::to_string(most_choices) + " values");
  std::vector<field_value> choices;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string at = "enum/" + std::to_string(i);
    const auto v = field_value_of((*list)[i]);
    if (!v)
      in.complain(at, "must be true, false, a number or a text");
    else if (const auto wrong = f.complaint(*v))
      in.complain(at, *wrong);
    else if (std::find(choices.begin(), choices.end(), *v) != choices.end())
      in.complain(at, "stands twice");
    else
      choices.push_back(*v);
  }
  f.choices = std::move(choices);
}

void read_default(keywords& in, request_field& f) {
  const ordered* given = in.find("default");
  if (given == nullptr) return;
  const auto v = field_value_of(*given);
  if (!v) return in.complain("default", "must be true, false, a number or a text");
  if (const auto wrong = f.complaint(*v)) return in.complain("default", *wrong);
  f.fallback = *v;
}

}  // namespace

request_field compile_field(const std::string& name, const ordered& schema, const std::string& at,
                            std::vector<field_error>& complaints) {
  request_field f;
  f.name = name;
  keywords in(schema, at, complaints);
  if (in.find("type") == nullptr) in.complain("type", "is missing");
  const auto type = in.one_of("type", type_names);
  if (type) f.type = static_cast<field_type>(*type);
  f.title = in.text("title");
  in.text("description");
  const ordered* examples = in.find("examples");
  if (examples != nullptr && !examples->is_array()) in.complain("examples", "must be a list");
  if (type) {
    read_bounds(in, f);
    read_choices(in, f);
    read_default(in, f);
    f.rule = rule_by_name(f);
    if (const auto rule = in.one_of("x-rule", rule_names)) f.rule = static_cast<field_rule>(*rule);
    if (!rule_fits(f)) in.complain("x-rule", "does not fit the field's type");
    f.unless = in.text("x-unless");
    in.end();
  }
  return f;
}

}  // namespace agon::routing
