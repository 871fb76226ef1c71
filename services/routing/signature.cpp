#include "services/routing/signature.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace agon::routing {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string listed(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& v : values) out += (out.empty() ? "" : ", ") + v;
  return out;
}

std::string plain(double n) {
  return to_text(n == static_cast<double>(static_cast<std::int64_t>(n))
                     ? field_value(static_cast<std::int64_t>(n))
                     : field_value(n));
}

bool is_empty(const field_value& v) {
  if (const auto* text = std::get_if<std::string>(&v)) return text->empty();
  return v == field_value(false);
}

support_reason below(const accepted_field& a, double bound) {
  return {a.field, a.beyond, "must be at least " + plain(bound), bound, std::nullopt};
}

support_reason above(const accepted_field& a, double bound) {
  return {a.field, a.beyond, "must be at most " + plain(bound), std::nullopt, bound};
}

// What is wrong with a value for this system; nothing if it is accepted.
std::optional<support_reason> outside(const accepted_field& a, const field_value* v,
                                      bool language) {
  if (v == nullptr) return std::nullopt;  // nothing was asked
  if (a.must_be_absent) {
    if (is_empty(*v)) return std::nullopt;
    return support_reason{a.field, a.beyond, "cannot be given"};
  }
  double storage = 0;
  if (const double* n = as_number(*v, storage)) {
    if (a.minimum && *n < *a.minimum) return below(a, *a.minimum);
    if (a.maximum && *n > *a.maximum) return above(a, *a.maximum);
  }
  const std::string text = to_text(*v);
  const bool listed_value =
      a.any_of.empty() || std::any_of(a.any_of.begin(), a.any_of.end(), [&](const auto& allowed) {
        return language ? covers_language(allowed, text) : allowed == text;
      });
  if (listed_value) return std::nullopt;
  return support_reason{a.field, a.beyond, "must be one of " + listed(a.any_of)};
}

void note(verdict& v, support_reason reason) {
  v.level = std::min(v.level, reason.level);
  v.reasons.push_back(std::move(reason));
}

const field_value* find(const request& r, std::string_view name) {
  const auto it = r.find(name);
  return it == r.end() ? nullptr : &it->second;
}

void check_fields(verdict& out, const signature& s, const request_schema& schema, const request& r,
                  const battle_needs& needs) {
  for (const accepted_field& a : s.accepts) {
    const request_field* f = schema.find(a.field);
    const bool language = f == nullptr ? a.field == "language" : f->rule == field_rule::language;
    const field_value* value = find(r, a.field);
    // The prompt's language counts where the request does not say one.
    const field_value detected = needs.language;
    if (value == nullptr && language && !needs.language.empty()) value = &detected;
    if (auto wrong = outside(a, value, language)) note(out, std::move(*wrong));
  }
  for (const std::string& name : s.ignores) {
    const field_value* value = find(r, name);
    const request_field* f = schema.find(name);
    const bool usual = value == nullptr || is_empty(*value) ||
                       (f != nullptr && f->fallback && *f->fallback == *value);
    if (!usual) note(out, {name, support::partial, "is without effect"});
  }
}

// Pointer of what a reason is about, as the client sent it.
std::string pointer_of(const std::string& field, const request_schema& schema) {
  if (schema.find(field) != nullptr) return "/request/" + field;
  if (field == "language") return "/language";
  return "/prompt";
}

// The easiest demand that lets `wanted` more systems in: of bounds the loosest that so many
// accept, of other demands the commonest.
std::string easiest(const std::vector<const support_reason*>& demands, std::size_t wanted) {
  std::vector<const support_reason*> sorted = demands;
  const std::size_t last = std::clamp<std::size_t>(wanted, 1, sorted.size()) - 1;
  const auto all = [&](auto bound) {
    return std::all_of(sorted.begin(), sorted.end(),
                       [&](const support_reason* r) { return (r->*bound).has_value(); });
  };
  if (all(&support_reason::at_most)) {
    std::sort(sorted.begin(), sorted.end(),
              [](const auto* x, const auto* y) { return *x->at_most > *y->at_most; });
    return sorted[last]->text;
  }
  if (all(&support_reason::at_least)) {
    std::sort(sorted.begin(), sorted.end(),
              [](const auto* x, const auto* y) { return *x->at_least < *y->at_least; });
    return sorted[last]->text;
  }
  std::map<std::string, int> counted;
  for (const support_reason* r : demands) ++counted[r->text];
  return std::max_element(counted.begin(), counted.end(),
                          [](const auto& x, const auto& y) { return x.second < y.second; })
      ->first;
}

}  // namespace

std::string_view name_of(support s) {
  switch (s) {
    case support::none:
      return "none";
    case support::partial:
      return "partial";
    case support::full:
      return "full";
  }
  return "none";
}

bool covers_language(std::string_view spoken, std::string_view wanted) {
  const bool same = std::equal(
      spoken.begin(), spoken.end(), wanted.begin(),
      wanted.begin() + static_cast<std::ptrdiff_t>(std::min(spoken.size(), wanted.size())),
      [](char x, char y) { return lower(x) == lower(y); });
  return same && (wanted.size() == spoken.size() || wanted[spoken.size()] == '-');
}

verdict check_support(const signature& s, const request_schema& schema, const request& r,
                      const battle_needs& needs) {
  verdict out;
  check_fields(out, s, schema, r, needs);
  for (const std::string& input : needs.inputs)
    if (std::find(s.inputs.begin(), s.inputs.end(), input) == s.inputs.end())
      note(out, {"inputs", support::none, "holds " + input + ", which is not taken"});
  if (!needs.emits.empty() && !s.emits.empty() && needs.emits != s.emits)
    note(out, {"emits", support::none, "asks for " + needs.emits + ", which is not made"});
  if (needs.turns > s.turns)
    note(out,
         {"turns", support::none,
          "asks for more than " + std::to_string(s.turns) + (s.turns == 1 ? " turn" : " turns")});
  return out;
}

std::vector<field_error> complaints(const signature& s, const request_schema& schema) {
  std::vector<field_error> out;
  std::set<std::string> seen;
  for (const accepted_field& a : s.accepts) {
    const request_field* f = schema.find(a.field);
    if (f == nullptr && a.field != "language")
      out.push_back({"accepts." + a.field, "is not a field of this arena's request"});
    if (!seen.insert(a.field).second) out.push_back({"accepts." + a.field, "stands twice"});
    if (a.minimum && a.maximum && *a.minimum > *a.maximum)
      out.push_back({"accepts." + a.field, "has a min above its max"});
    const bool number =
        f != nullptr && (f->type == field_type::integer || f->type == field_type::number);
    if (f != nullptr && !number && (a.minimum || a.maximum))
      out.push_back({"accepts." + a.field, "is not a number, so it has neither min nor max"});
  }
  for (const std::string& name : s.ignores)
    if (schema.find(name) == nullptr)
      out.push_back(
          {"ignores", "names " + name + ", which is not a field of this arena's request"});
  return out;
}

error explain_misfit(const std::vector<verdict>& verdicts, const request_schema& schema) {
  error e = fail(errc::request_unsupported,
                 "Fewer than two systems of this arena can do this. Change what is marked.");
  using demands = std::vector<const support_reason*>;
  std::map<std::string, demands> refused;  // by field, what each system demands
  std::map<std::string, demands> alone;    // likewise, where no other field keeps it out
  std::size_t fitting = 0;
  for (const verdict& v : verdicts) {
    std::map<std::string, const support_reason*> fields;
    for (const support_reason& r : v.reasons)
      if (r.level == support::none) fields.try_emplace(r.field, &r);
    for (const auto& [field, reason] : fields) refused[field].push_back(reason);
    if (fields.empty()) ++fitting;
    if (fields.size() == 1) alone[fields.begin()->first].push_back(fields.begin()->second);
  }
  // A field whose change alone would let two systems meet is the one to name.
  const std::size_t wanted = fitting < 2 ? 2 - fitting : 1;
  for (const auto& [field, reasons] : alone)
    if (reasons.size() >= wanted)
      e.fields.push_back({pointer_of(field, schema), easiest(reasons, wanted)});
  if (!e.fields.empty()) return e;
  for (const auto& [field, reasons] : refused)
    e.fields.push_back({pointer_of(field, schema), easiest(reasons, wanted)});
  if (e.fields.empty())
    e.detail = "Fewer than two systems of this arena are running. Try again later.";
  return e;
}

}  // namespace agon::routing
