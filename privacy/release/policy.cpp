#include "privacy/release/policy.hpp"

#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"

namespace agon::release {

std::string to_json(const release_policy& policy) {
  return crypto::canonical_json({
      {"consent_purposes", policy.consent_purposes},
      {"cool_off_hours", policy.cool_off_hours},
      {"minimum_votes", policy.minimum_votes},
      {"participant_ids", "none"},
      {"row_order", "shuffled"},
      {"text", "redacted"},
      {"times", "day"},
  });
}

std::string policy_sha256(const release_policy& policy) {
  return crypto::to_hex(crypto::bytes_of(crypto::sha256(to_json(policy))));
}

}  // namespace agon::release
