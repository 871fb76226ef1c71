// Hashes and keyed hashes, over OpenSSL. All functions are pure and may be called
// from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace agon::crypto {

// A SHA-256 digest (FIPS 180-4), or any other 32 secret or public bytes.
using digest = std::array<unsigned char, 32>;

[[nodiscard]] digest sha256(std::string_view bytes);

// HMAC-SHA-256 (RFC 2104). The key may have any length.
[[nodiscard]] digest hmac_sha256(std::string_view key, std::string_view message);

// HMAC-SHA-256 with one key for many messages: what depends on the key alone is done
// once. sign() is safe to call from any thread.
class hmac_sha256_key {
 public:
  explicit hmac_sha256_key(std::string_view key);
  ~hmac_sha256_key();
  hmac_sha256_key(const hmac_sha256_key&) = delete;
  hmac_sha256_key& operator=(const hmac_sha256_key&) = delete;

  [[nodiscard]] digest sign(std::string_view message) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// True if both hold the same bytes; takes the same time whatever they hold.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

// SHA-256 of a stream, fed piece by piece. Not safe for use by two threads at once.
class sha256_stream {
 public:
  sha256_stream();
  ~sha256_stream();
  sha256_stream(sha256_stream&&) noexcept;
  sha256_stream& operator=(sha256_stream&&) noexcept;
  sha256_stream(const sha256_stream&) = delete;
  sha256_stream& operator=(const sha256_stream&) = delete;

  void update(std::string_view bytes);
  // Ends the stream; nothing may be fed afterwards.
  [[nodiscard]] digest finish();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// SHA-256 of a file's bytes, in constant memory. Throws std::runtime_error if it cannot
// be read to its end.
[[nodiscard]] digest sha256_of_file(const std::string& path);

[[nodiscard]] inline std::string_view bytes_of(const digest& d) {
  return {reinterpret_cast<const char*>(d.data()), d.size()};
}

}  // namespace agon::crypto
