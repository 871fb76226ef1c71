// The secret of one partition. It makes the pseudonyms and the order of rows, and
// is destroyed at sealing: afterwards nobody, not even the operator, can join this
// partition with another one or with the database by its ids.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "privacy/crypto/hash.hpp"
#include "privacy/crypto/random.hpp"

namespace agon::release {

class partition_key {
 public:
  [[nodiscard]] static partition_key make(crypto::random_source& random);
  // For a rebuild before sealing. Throws std::invalid_argument unless 32 bytes.
  [[nodiscard]] static partition_key from_bytes(std::string_view bytes);

  ~partition_key();
  partition_key(partition_key&&) noexcept;
  partition_key& operator=(partition_key&&) noexcept;
  partition_key(const partition_key&) = delete;
  partition_key& operator=(const partition_key&) = delete;

  // Overwrites the bytes; nothing can be derived afterwards (std::logic_error).
  void destroy();

  // First 128 bits, in hexadecimal, of HMAC-SHA-256(key, "pseudonym" 0 domain 0 id).
  [[nodiscard]] std::string pseudonym(std::string_view domain, std::string_view id) const;
  // Where a row stands among the rows of its table.
  [[nodiscard]] crypto::digest position(std::string_view table, std::string_view line) const;

  // The seed of the noise of counts: other counts get other noise, the same counts the same.
  [[nodiscard]] crypto::digest noise_seed(std::string_view counts) const;

 private:
  partition_key() = default;
  [[nodiscard]] std::string_view bytes() const;

  std::array<char, 32> bytes_{};
  bool usable_ = false;
};

// Unpredictable bytes that follow from a secret seed: HMAC-SHA-256(seed, counter). For one
// thread.
class seeded_random final : public crypto::random_source {
 public:
  explicit seeded_random(const crypto::digest& seed) : seed_(seed) {}
  void fill(std::span<unsigned char> bytes) override;

 private:
  crypto::digest seed_, block_{};
  std::uint64_t blocks_ = 0;
  std::size_t used_ = sizeof(crypto::digest);
};

}  // namespace agon::release
