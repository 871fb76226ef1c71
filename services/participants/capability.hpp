// The link with which somebody without an account proves whose data they ask for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "privacy/crypto/random.hpp"
#include "services/core/redacted.hpp"

namespace agon::participants {

// 256 random bits in base64url: 43 characters, in the fragment of a URL, which browsers send to
// nobody, or in the header Authorization.
[[nodiscard]] secret new_capability(crypto::random_source& random);
// What is kept of it: 32 bytes. It needs no salt and no slow hash, for it cannot be guessed.
[[nodiscard]] std::string capability_hash(const secret& capability);
// Of "Bearer …"; nothing unless it is of the form of a capability.
[[nodiscard]] std::optional<secret> capability_of(std::string_view authorization);

}  // namespace agon::participants
