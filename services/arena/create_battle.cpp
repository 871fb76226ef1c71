#include "services/arena/create_battle.hpp"

#include <algorithm>
#include <cmath>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/hash.hpp"
#include "services/arena/support.hpp"
#include "services/core/json_reader.hpp"
#include "services/core/log.hpp"
#include "services/feedback/text_rules.hpp"
#include "services/systems/argv_template.hpp"

namespace agon::arena {
namespace {

std::optional<error> refuse_consent(const arena& a, const battle_request& r) {
  if (r.consent_sha256.empty())
    return fail(errc::consent_required, "Agree to the arena's terms first.");
  if (r.consent_sha256 != a.consent.sha256)
    return fail(errc::consent_outdated, "The arena's terms have changed. Read and agree again.");
  for (const purpose& p : a.consent.purposes)
    if (p.required && std::find(r.purposes.begin(), r.purposes.end(), p.id) == r.purposes.end())
      return fail(errc::consent_required, "Agree to the arena's required terms first.");
  return std::nullopt;
}

// "en", "pt-BR", "zh-Hant": in the case that arena files use. Another one would fit no system.
bool is_written_well(const std::string& tag) {
  if (!systems::is_language_tag(tag)) return false;
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  for (std::size_t at = 0; at < tag.size();) {
    const std::size_t end = std::min(tag.find('-', at), tag.size());
    const std::string_view part = std::string_view(tag).substr(at, end - at);
    const auto capitals = std::count_if(part.begin(), part.end(), upper);
    const auto digits = std::count_if(part.begin(), part.end(), [](char c) { return c <= '9'; });
    const bool region = at > 0 && part.size() == 2 && digits == 0;
    const bool script = at > 0 && part.size() == 4 && digits == 0;
    const bool good = region   ? capitals == 2
                      : script ? capitals == 1 && upper(part.front())
                               : capitals == 0;
    if (!good) return false;
    at = end + 1;
  }
  return true;
}

std::optional<error> refuse_prompt(const arena& a, const std::string& prompt,
                                   const std::string& language) {
  error e = fail(errc::invalid_input, "This prompt cannot be taken.");
  if (prompt.empty()) e.fields.push_back({"/prompt", "is empty"});
  const std::size_t length = code_points(prompt);
  if (length > a.prompt_max)
    e.fields.push_back({"/prompt", "must have at most " + std::to_string(a.prompt_max) +
                                       " characters, has " + std::to_string(length)});
  if (feedback::has_forbidden_characters(prompt))
    e.fields.push_back({"/prompt", "holds control characters"});
  if (!language.empty() && !is_written_well(language))
    e.fields.push_back({"/language", "must be a language tag such as en or pt-BR"});
  else if (!language.empty() && !a.languages.empty() &&
           std::find(a.languages.begin(), a.languages.end(), language) == a.languages.end())
    e.fields.push_back({"/language", "is not spoken in this arena"});
  if (e.fields.empty()) return std::nullopt;
  return e;
}

// A prompt is the arena's own only if it stands in its list, whatever the client says: what a
// person typed must not pass for text that nobody wrote.
std::string source_of(const arena& a, const battle_request& r) {
  if (r.prompt_source != "random") return "typed";
  const bool listed = std::any_of(a.prompts.begin(), a.prompts.end(), [&](const std::string& p) {
    return feedback::tidy(p) == r.prompt;
  });
  return listed ? "random" : "typed";
}

std::optional<error> refuse_fields(std::vector<field_error> complaints) {
  if (complaints.empty()) return std::nullopt;
  error e = fail(errc::invalid_input, "This request cannot be taken. Change what is marked.");
  e.fields = std::move(complaints);
  return e;
}

// Tells a retry from another request under the same key.
std::string fingerprint(const arena& a, const battle_request& r) {
  std::string text =
      std::to_string(a.id) + '\0' + r.prompt + '\0' + r.prompt_source + '\0' + r.language;
  if (!r.stated.empty()) text += '\0' + routing::to_json(r.stated);
  return std::string(crypto::bytes_of(crypto::sha256(text)));
}

// What is kept of a decision; the text that led to it is the battle's prompt.
std::string record_of(const routing::decision& d, const routing::request& stated) {
  std::vector<std::string> names;
  for (const auto& [name, value] : stated) names.push_back(name);
  crypto::canonical_object out;
  out.text("by", routing::name_of(d.by)).text("endpoint", routing::name_of(d.endpoint));
  if (!d.language.empty()) out.text("language", d.language);
  out.number("seconds", std::round(d.seconds * 1000) / 1000)
      .json("stated", crypto::canonical_array(names));
  return std::move(out).finish();
}

// What the systems are chosen by: the language that the participant told, or the one that was
// found where the arena speaks several. A guess must not close an arena of one language.
std::string language_of(const arena& a, const battle_request& r, const routing::decision& d) {
  if (!r.language.empty() || a.languages.size() < 2) return r.language;
  return d.language;
}

}  // namespace

awaitable<result<routing::decision>> create_battle::route(arena_ptr arena,
                                                          const battle_request& request) {
  const auto& definition = arena->definition;
  routing::routing_question question{request.prompt,      request.stated,
                                     request.language,    &definition.request,
                                     &definition.routing, definition.languages};
  auto decided = co_await router_.route(std::move(question));
  if (decided.refused) {
    const std::string reason(routing::name_of(*decided.refused));
    const auto counted =
        co_await refusals_.count(definition.id, reason, std::string(routing::name_of(decided.by)));
    if (!counted) log::warn("refusal_not_counted", {{"error", name_of(counted.error().code)}});
    error e = fail(errc::prompt_refused, std::string(routing::explanation(*decided.refused)));
    e.reason = reason;
    co_return e;
  }
  if (auto refused = refuse_fields(definition.request.missing(decided.fields))) co_return *refused;
  co_return decided;
}

awaitable<result<admitted_battle>> create_battle::run(arena_ptr arena, battle_request request) {
  const auto& definition = arena->definition;
  request.prompt = feedback::tidy(request.prompt);
  if (auto refused = refuse_consent(definition, request)) co_return *refused;
  if (auto refused = refuse_prompt(definition, request.prompt, request.language))
    co_return *refused;
  if (auto refused = refuse_fields(definition.request.complaints(request.stated)))
    co_return *refused;
  const std::string sha256 = fingerprint(definition, request);

  // A retry must not be routed again: an endpoint may decide otherwise the second time.
  auto known = co_await battles_.find_request(request.participant, request.idempotency_key, sha256);
  if (!known) co_return known.error();
  if (*known) {
    auto earlier = co_await battles_.find(**known);
    if (!earlier) co_return earlier.error();
    co_return admitted_battle{std::move(*earlier), {}, nullptr, false};
  }

  auto decided = co_await route(arena, request);
  if (!decided) co_return decided.error();
  const std::string language = language_of(definition, request, *decided);
  gains_ptr gains = gains_.find(definition.id);
  const pair_chances chances(candidates_of(*arena, decided->fields, language), definition.sampling,
                             gains.get());
  const auto pair = chances.draw(random_);
  if (!pair) co_return refuse_request(*arena, decided->fields, language);

  battle b;
  b.arena = definition.id;
  b.id = ids_.make<battle_id>();
  b.participant = request.participant;
  b.arena_version = definition.version;
  b.protocol_version = definition.protocol.version;
  b.prompt = request.prompt;
  b.prompt_source = source_of(definition, request);
  b.language = language;
  b.routing = record_of(*decided, request.stated);
  b.request = std::move(decided->fields);
  b.sampling_probability = pair->probability;
  b.sampling_policy = definition.sampling.policy;
  b.sampling = chances.record();
  b.consent_sha256 = request.consent_sha256;
  b.purposes = request.purposes;
  b.created_at = clock_.now();
  b.expires_at = b.created_at + definition.battle_lifetime;

  auto stored = co_await battles_.create(b, request.idempotency_key, sha256);
  if (!stored) co_return stored.error();
  if (!stored->created) {
    auto earlier = co_await battles_.find(stored->id);
    if (!earlier) co_return earlier.error();
    co_return admitted_battle{std::move(*earlier), *pair, std::move(gains), false};
  }
  co_return admitted_battle{std::move(b), *pair, std::move(gains), true};
}

}  // namespace agon::arena
