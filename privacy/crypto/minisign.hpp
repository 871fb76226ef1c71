// Signatures of files in the format of minisign (Ed25519 over BLAKE2b-512), so that whoever
// distrusts this program checks them with another: minisign -Vm FILE -P KEY.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "privacy/crypto/random.hpp"

namespace agon::crypto {

struct minisign_public_key {
  std::array<unsigned char, 8> id{};
  std::array<unsigned char, 32> key{};

  // One line of base64, as minisign -P takes it.
  [[nodiscard]] std::string line() const;
  // The content of a .pub file.
  [[nodiscard]] std::string file() const;
  // Reads either of the two. Nothing for other texts.
  [[nodiscard]] static std::optional<minisign_public_key> parse(std::string_view text);
};

// Wiped when it goes.
class minisign_secret_key {
 public:
  [[nodiscard]] static minisign_secret_key make(random_source& random);
  // Reads a key file without a password (minisign -G -W makes such, and file() does). Nothing
  // for other texts, and for keys under a password.
  [[nodiscard]] static std::optional<minisign_secret_key> parse(std::string_view text);

  ~minisign_secret_key();
  minisign_secret_key(minisign_secret_key&& other) noexcept;
  minisign_secret_key& operator=(minisign_secret_key&& other) noexcept;
  minisign_secret_key(const minisign_secret_key&) = delete;
  minisign_secret_key& operator=(const minisign_secret_key&) = delete;

  [[nodiscard]] std::string file() const;
  [[nodiscard]] minisign_public_key public_key() const;
  // The content of a .minisig file. The comment is signed, too, and is one line.
  [[nodiscard]] std::string sign(std::string_view bytes, std::string_view trusted_comment) const;

 private:
  minisign_secret_key() = default;
  std::array<unsigned char, 8> id_{};
  std::array<unsigned char, 64> key_{};
};

// The signed comment, or nothing unless the key has signed these bytes.
[[nodiscard]] std::optional<std::string> check_minisign(const minisign_public_key& key,
                                                        std::string_view bytes,
                                                        std::string_view signature);

}  // namespace agon::crypto
