// Randomness: an interface, so that tests can repeat what a program did, and the
// operating system's generator behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace agon::crypto {

class random_source {
 public:
  virtual ~random_source() = default;
  // Fills the span with unpredictable bytes. Safe to call from any thread.
  virtual void fill(std::span<unsigned char> bytes) = 0;

  [[nodiscard]] std::string bytes(std::size_t count);
  // Uniform on [0, bound), without modulo bias. bound > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  // Uniform on [0, 1), 53 bits.
  [[nodiscard]] double unit();
};

// The kernel's generator: it is never unseeded, needs no care at a fork, and takes a third
// of the time of OpenSSL's for few bytes. Throws std::runtime_error if it fails: nothing may
// go on with predictable bytes.
class system_random final : public random_source {
 public:
  void fill(std::span<unsigned char> bytes) override;
};

}  // namespace agon::crypto
