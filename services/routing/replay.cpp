#include "services/routing/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "privacy/crypto/canonical_json.hpp"
#include "services/core/json_reader.hpp"
#include "services/routing/json_value.hpp"

namespace agon::routing {
namespace {

using json = nlohmann::json;

constexpr std::size_t most_differences = 200;

result<request> object_in(const json& outer, const char* key) {
  const auto it = outer.find(key);
  if (it == outer.end() || it->is_null()) return request();
  if (!it->is_object()) return fail(errc::invalid_input, std::string(key) + " must be an object");
  return request_of(*it, "/" + std::string(key));
}

std::string text_in(const json& outer, const char* key) {
  const auto it = outer.find(key);
  return it == outer.end() || !it->is_string() ? std::string() : it->get<std::string>();
}

std::string refusal_text(const decision& d) {
  return d.refused ? std::string(name_of(*d.refused)) : "none";
}

std::string percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? "–"
                    : fmt::format("{:.1f} %",
                                  100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace

result<recorded_decision> parse_recorded(std::string_view line) {
  const auto parsed = parse_object(line);
  if (!parsed) return parsed.error();
  recorded_decision out;
  out.prompt = text_in(*parsed, "prompt");
  if (out.prompt.empty()) return fail(errc::invalid_input, "prompt is missing");
  out.language = text_in(*parsed, "language");
  auto stated = object_in(*parsed, "stated");
  if (!stated) return stated.error();
  out.stated = std::move(*stated);
  const auto decided = parsed->find("decision");
  if (decided == parsed->end() || !decided->is_object())
    return fail(errc::invalid_input, "decision is missing");
  auto fields = object_in(*decided, "request");
  if (!fields) return fields.error();
  out.decided.fields = std::move(*fields);
  out.decided.language = text_in(*decided, "language");
  if (text_in(*decided, "by") == name_of(decider::endpoint)) out.decided.by = decider::endpoint;
  const std::string refused = text_in(*decided, "refused");
  if (!refused.empty()) {
    out.decided.refused = parse_refusal(refused);
    if (!out.decided.refused) return fail(errc::invalid_input, "refused is no known reason");
  }
  return {boost::system::in_place_value, std::move(out)};
}

std::string to_json_line(const recorded_decision& r) {
  json decided = {{"by", name_of(r.decided.by)},
                  {"refused", nullptr},
                  {"request", to_json_object(r.decided.fields)}};
  if (r.decided.refused) decided["refused"] = name_of(*r.decided.refused);
  if (!r.decided.language.empty()) decided["language"] = r.decided.language;
  json out = {{"prompt", r.prompt}, {"decision", std::move(decided)}};
  if (!r.stated.empty()) out["stated"] = to_json_object(r.stated);
  if (!r.language.empty()) out["language"] = r.language;
  return crypto::canonical_json(out);
}

void comparison::add(std::size_t line, const recorded_decision& before, const decision& now,
                     const request_schema& schema) {
  ++prompts_;
  const bool alone = now.endpoint == endpoint_outcome::not_asked || now.by == decider::endpoint;
  ++deciders_[std::string(name_of(now.by)) +
              (alone ? "" : ", endpoint " + std::string(name_of(now.endpoint)))];
  const std::string was = refusal_text(before.decided);
  const std::string is = refusal_text(now);
  ++refusals_[{was, is}];
  std::vector<std::string> differ;
  if (was != is) differ.push_back("refusal " + was + " → " + is);

  const auto compare = [&](const std::string& name, const std::string* x, const std::string* y) {
    field_agreement& f = fields_[name];
    if (x == nullptr && y == nullptr)
      ++f.same;
    else if (y == nullptr)
      ++f.missed, differ.push_back(name + " missed");
    else if (x == nullptr)
      ++f.extra, differ.push_back(name + " extra");
    else if (*x == *y)
      ++f.same;
    else
      ++f.different, differ.push_back(name + " different");
  };
  const auto value_of = [](const request& r, const std::string& name, std::string& storage) {
    const auto it = r.find(name);
    if (it == r.end()) return static_cast<const std::string*>(nullptr);
    storage = to_text(it->second);
    return static_cast<const std::string*>(&storage);
  };
  if (was == "none" && is == "none") {
    for (const request_field& f : schema.fields()) {
      std::string x, y;
      const std::string* recorded = value_of(before.decided.fields, f.name, x);
      const std::string* found = value_of(now.fields, f.name, y);
      compare(f.name, recorded, found);
    }
    if (!before.decided.language.empty())
      compare("(language of the prompt)", &before.decided.language,
              now.language.empty() ? nullptr : &now.language);
  }
  for (const std::string& d : differ)
    if (differences_.size() < most_differences)
      differences_.push_back("line " + std::to_string(line) + ": " + d);
}

std::size_t comparison::same_refusal() const {
  std::size_t same = 0;
  for (const auto& [pair, count] : refusals_)
    if (pair.first == pair.second) same += count;
  return same;
}

std::string comparison::report() const {
  std::string out = fmt::format("{} prompts\n\ndecided by\n", prompts_);
  for (const auto& [who, count] : deciders_) out += fmt::format("  {:<28}{:>7}\n", who, count);
  out += fmt::format("\nrefusals agree: {} of {} ({})\n  {:<16}{:<16}{:>7}\n", same_refusal(),
                     prompts_, percent(same_refusal(), prompts_), "recorded", "now", "prompts");
  for (const auto& [pair, count] : refusals_)
    out += fmt::format("  {:<16}{:<16}{:>7}{}\n", pair.first, pair.second, count,
                       pair.first == pair.second ? "" : "  ≠");
  out += fmt::format("\n  {:<26}{:>8}{:>10}{:>8}{:>8}{:>11}\n", "field", "same", "agreement",
                     "missed", "extra", "different");
  for (const auto& [name, f] : fields_) {
    const std::size_t all = f.same + f.missed + f.extra + f.different;
    out += fmt::format("  {:<26}{:>8}{:>10}{:>8}{:>8}{:>11}\n", name, f.same, percent(f.same, all),
                       f.missed, f.extra, f.different);
  }
  if (!differences_.empty()) out += "\n";
  for (const std::string& d : differences_) out += d + "\n";
  return out;
}

}  // namespace agon::routing
