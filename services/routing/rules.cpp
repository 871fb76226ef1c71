#include "services/routing/rules.hpp"

#include <cmath>

#include "services/routing/folded_words.hpp"
#include "services/routing/language.hpp"
#include "services/routing/moderation.hpp"
#include "services/routing/text_fields.hpp"

namespace agon::routing {
namespace {

field_value as_field(const request_field& f, double n) {
  if (f.type == field_type::integer || n == std::round(n))
    return static_cast<std::int64_t>(std::llround(n));
  return n;
}

// Exactly one of the field's values stands in the text.
std::optional<field_value> find_choice(const request_field& f, std::string_view folded) {
  std::optional<field_value> found;
  for (const field_value& choice : f.choices) {
    if (!holds_phrase(folded, to_text(choice))) continue;
    if (found) return std::nullopt;
    found = choice;
  }
  return found;
}

// The request's language: the one that the text asks for, else the one it is in.
std::optional<field_value> find_language(const request_field& f, std::string_view folded,
                                         const std::string& detected) {
  std::string wanted = named_language(folded);
  if (wanted.empty()) wanted = detected;
  if (wanted.empty()) return std::nullopt;
  if (!f.complaint(wanted)) return wanted;
  const std::string main = wanted.substr(0, wanted.find('-'));  // "pt-BR" where only "pt" is known
  if (!f.complaint(main)) return main;
  return std::nullopt;
}

std::optional<field_value> find_field(const request_field& f, const routing_question& q,
                                      std::string_view folded, const std::string& language) {
  switch (f.rule) {
    case field_rule::none:
      return std::nullopt;
    case field_rule::language:
      return find_language(f, folded, language);
    case field_rule::choice:
      return find_choice(f, folded);
    case field_rule::duration:
      if (const auto n = find_duration(q.prompt)) return as_field(f, *n);
      return std::nullopt;
    case field_rule::bpm:
      if (const auto n = find_bpm(q.prompt)) return as_field(f, *n);
      return std::nullopt;
    case field_rule::instrumental:
      if (const auto b = find_instrumental(folded)) return *b;
      return std::nullopt;
    case field_rule::lyrics:
      if (auto text = find_lyrics(q.prompt)) return std::move(*text);
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

decision decide_by_rules(const routing_question& q) {
  decision d;
  d.language = q.language.empty() ? detect_language(q.prompt, q.languages) : q.language;
  d.refused = moderate(q.prompt, *q.policy);
  request found;
  const std::string folded = folded_words(q.prompt);
  for (const request_field& f : q.schema->fields())
    if (auto v = find_field(f, q, folded, d.language)) found.emplace(f.name, std::move(*v));
  d.fields = merge(*q.schema, q.stated, std::move(found));
  return d;
}

}  // namespace agon::routing
