// Values that a client keeps for us and cannot change: HMAC-SHA-256 over name and value.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "privacy/crypto/hash.hpp"
#include "services/core/redacted.hpp"

namespace agon::http {

class cookie_signer {
 public:
  // `key`: 32 secret bytes, the same on every replica. `secure`: false only for plain
  // HTTP beyond localhost, where __Host- cookies cannot be set.
  cookie_signer(const secret& key, bool secure);

  // "agon" becomes "__Host-agon" when secure.
  [[nodiscard]] std::string name(std::string_view base) const;
  // The text of a Set-Cookie header: signed, HttpOnly, SameSite=Lax, Path=/.
  [[nodiscard]] std::string set_cookie(std::string_view base, std::string_view value,
                                       std::chrono::seconds max_age) const;
  // The value, if the signature is ours. `text` is what request::cookie(name(base)) gave.
  [[nodiscard]] std::optional<std::string> verify(std::string_view base,
                                                  std::string_view text) const;

 private:
  [[nodiscard]] std::string sign(std::string_view base, std::string_view value) const;
  crypto::hmac_sha256_key key_;
  bool secure_;
};

}  // namespace agon::http
