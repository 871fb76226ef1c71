#include "services/arena/create_battle.hpp"

#include <algorithm>

#include "privacy/crypto/hash.hpp"
#include "services/core/json_reader.hpp"
#include "services/feedback/text_rules.hpp"

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
  if (!language.empty() && !a.languages.empty() &&
      std::find(a.languages.begin(), a.languages.end(), language) == a.languages.end())
    e.fields.push_back({"/language", "is not spoken in this arena"});
  if (e.fields.empty()) return std::nullopt;
  return e;
}

// Tells a retry from another request under the same key.
std::string fingerprint(const arena& a, const battle_request& r) {
  const crypto::digest d = crypto::sha256(std::to_string(a.id) + '\0' + r.prompt + '\0' +
                                          r.prompt_source + '\0' + r.language);
  return std::string(crypto::bytes_of(d));
}

}  // namespace

std::vector<candidate> candidates_of(const running_arena& arena, std::string_view language) {
  std::vector<candidate> out;
  for (const registered_system& s : arena.definition.systems) {
    const bool takes =
        language.empty() || s.languages.empty() ||
        std::find(s.languages.begin(), s.languages.end(), language) != s.languages.end();
    if (takes && arena.adapters.contains(s.id)) out.push_back({s.id, s.weight});
  }
  return out;
}

awaitable<result<admitted_battle>> create_battle::run(arena_ptr arena, battle_request request) {
  const auto& definition = arena->definition;
  request.prompt = feedback::tidy(request.prompt);
  if (auto refused = refuse_consent(definition, request)) co_return *refused;
  if (auto refused = refuse_prompt(definition, request.prompt, request.language))
    co_return *refused;
  const auto pair = draw_pair(candidates_of(*arena, request.language), random_);
  if (!pair) co_return pair.error();

  battle b;
  b.arena = definition.id;
  b.id = ids_.make<battle_id>();
  b.participant = request.participant;
  b.arena_version = definition.version;
  b.protocol_version = definition.protocol.version;
  b.prompt = request.prompt;
  b.prompt_source = request.prompt_source;
  b.language = request.language;
  b.sampling_probability = pair->probability;
  b.sampling_policy = definition.sampling_policy;
  b.consent_sha256 = request.consent_sha256;
  b.purposes = request.purposes;
  b.created_at = clock_.now();
  b.expires_at = b.created_at + definition.battle_lifetime;

  auto stored =
      co_await battles_.create(b, request.idempotency_key, fingerprint(definition, request));
  if (!stored) co_return stored.error();
  if (!stored->created) {
    auto earlier = co_await battles_.find(stored->id);
    if (!earlier) co_return earlier.error();
    co_return admitted_battle{std::move(*earlier), *pair, false};
  }
  co_return admitted_battle{std::move(b), *pair, true};
}

}  // namespace agon::arena
