#include "privacy/release/policy.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"

namespace agon::release {

std::string_view name_of(language_detail d) {
  switch (d) {
    case language_detail::tag:
      return "tag";
    case language_detail::primary:
      return "primary";
    case language_detail::none:
      return "none";
  }
  return "none";
}

std::optional<language_detail> language_detail_from(std::string_view name) {
  for (const auto d : {language_detail::tag, language_detail::primary, language_detail::none})
    if (name_of(d) == name) return d;
  return std::nullopt;
}

std::string to_json(const release_policy& policy) {
  return crypto::canonical_json({
      {"consent_purposes", policy.consent_purposes},
      {"cool_off_hours", policy.cool_off_hours},
      {"counted_votes", policy.counted_votes},
      {"counts_rho_billionths", policy.counts_rho},
      {"k", policy.k},
      {"language", std::string(name_of(policy.language))},
      {"minimum_votes", policy.minimum_votes},
      {"participant_ids", "none"},
      {"row_order", "shuffled"},
      {"text", "redacted"},
      {"times", "day"},
  });
}

release_policy policy_from_json(const std::string& text) {
  const auto j = nlohmann::json::parse(text);
  release_policy p;
  p.cool_off_hours = j.at("cool_off_hours").get<int>();
  p.minimum_votes = j.at("minimum_votes").get<std::int64_t>();
  p.consent_purposes = j.at("consent_purposes").get<std::vector<std::string>>();
  p.k = j.contains("k") ? j.at("k").get<std::int64_t>() : 1;
  const auto detail = language_detail_from(j.value("language", "tag"));
  if (!detail) throw std::invalid_argument("a policy names an unknown detail of languages");
  p.language = *detail;
  p.counts_rho = j.value("counts_rho_billionths", std::int64_t{0});
  p.counted_votes = j.value("counted_votes", p.counted_votes);
  return p;
}

std::string policy_sha256(const release_policy& policy) {
  return crypto::to_hex(crypto::bytes_of(crypto::sha256(to_json(policy))));
}

bool recode_alike(const release_policy& a, const release_policy& b) {
  return a.k == b.k && a.language == b.language;
}

}  // namespace agon::release
