#include "services/participants/capability.hpp"

#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"

namespace agon::participants {
namespace {

constexpr std::size_t capability_bytes = 32;
constexpr std::string_view bearer = "Bearer ";

}  // namespace

secret new_capability(crypto::random_source& random) {
  return secret(crypto::to_base64url(random.bytes(capability_bytes)));
}

std::string capability_hash(const secret& capability) {
  return std::string(crypto::bytes_of(crypto::sha256("agon capability 1\n" + capability.reveal())));
}

std::optional<secret> capability_of(std::string_view authorization) {
  if (!authorization.starts_with(bearer)) return std::nullopt;
  authorization.remove_prefix(bearer.size());
  const auto bytes = crypto::from_base64url(authorization);
  if (!bytes || bytes->size() != capability_bytes) return std::nullopt;
  return secret(std::string(authorization));
}

}  // namespace agon::participants
