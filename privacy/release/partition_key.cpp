#include "privacy/release/partition_key.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

#include "privacy/crypto/encoding.hpp"

namespace agon::release {
namespace {

constexpr char separator = '\0';  // in no domain, table or id, so no two messages collide

}  // namespace

partition_key partition_key::make(crypto::random_source& random) {
  partition_key k;
  random.fill({reinterpret_cast<unsigned char*>(k.bytes_.data()), k.bytes_.size()});
  k.usable_ = true;
  return k;
}

partition_key partition_key::from_bytes(std::string_view bytes) {
  partition_key k;
  if (bytes.size() != k.bytes_.size())
    throw std::invalid_argument("a partition key has exactly 32 bytes");
  std::copy(bytes.begin(), bytes.end(), k.bytes_.begin());
  k.usable_ = true;
  return k;
}

partition_key::~partition_key() {
  destroy();
}

partition_key::partition_key(partition_key&& other) noexcept
    : bytes_(other.bytes_), usable_(other.usable_) {
  other.destroy();
}

partition_key& partition_key::operator=(partition_key&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    usable_ = other.usable_;
    other.destroy();
  }
  return *this;
}

void partition_key::destroy() {
  // Through volatile, so that the compiler does not drop stores it thinks are dead.
  volatile char* p = bytes_.data();
  for (std::size_t i = 0; i < bytes_.size(); ++i) p[i] = 0;
  usable_ = false;
}

std::string_view partition_key::bytes() const {
  if (!usable_) throw std::logic_error("the partition key has been destroyed");
  return {bytes_.data(), bytes_.size()};
}

std::string partition_key::pseudonym(std::string_view domain, std::string_view id) const {
  std::string message("pseudonym");
  message.append(1, separator).append(domain).append(1, separator).append(id);
  const crypto::digest mac = crypto::hmac_sha256(bytes(), message);
  return crypto::to_hex(crypto::bytes_of(mac).substr(0, 16));
}

crypto::digest partition_key::position(std::string_view table, std::string_view line) const {
  std::string message("position");
  message.append(1, separator).append(table).append(1, separator).append(line);
  return crypto::hmac_sha256(bytes(), message);
}

crypto::digest partition_key::noise_seed(std::string_view counts) const {
  std::string message("noise");
  message.append(1, separator).append(counts);
  return crypto::hmac_sha256(bytes(), message);
}

void seeded_random::fill(std::span<unsigned char> bytes) {
  for (unsigned char& b : bytes) {
    if (used_ == block_.size()) {
      block_ = crypto::hmac_sha256(crypto::bytes_of(seed_), std::to_string(blocks_++));
      used_ = 0;
    }
    b = block_[used_++];
  }
}

}  // namespace agon::release
