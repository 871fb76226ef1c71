#include "privacy/crypto/minisign.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace agon::crypto {
namespace {

constexpr std::string_view untrusted = "untrusted comment: ";
constexpr std::string_view trusted = "trusted comment: ";
constexpr std::string_view key_algorithm = "Ed";     // of keys
constexpr std::string_view hashed_algorithm = "ED";  // of signatures over a BLAKE2b-512
constexpr std::string_view checksum_algorithm = "B2";
constexpr std::size_t secret_size = 2 + 2 + 2 + 32 + 8 + 8 + 8 + 64 + 32;
constexpr std::size_t salt_and_costs = 32 + 8 + 8;  // of the password's function: all 0
constexpr std::size_t checksum_size = 32;

void start_sodium() {
  static const int started = ::sodium_init();
  if (started < 0) throw std::runtime_error("libsodium does not start");
}

std::string to_base64(std::string_view bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  ::sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  out.resize(std::strlen(out.c_str()));
  return out;
}

// Exactly so many bytes.
std::optional<std::string> from_base64(std::string_view text, std::size_t size) {
  std::string out(size + 3, '\0');
  std::size_t length = 0;
  if (::sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                          text.size(), nullptr, &length, nullptr,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
      length != size)
    return {};
  out.resize(size);
  return out;
}

template <std::size_t n>
std::string_view view(const std::array<unsigned char, n>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), n};
}

template <std::size_t n>
void copy_to(std::array<unsigned char, n>& to, std::string_view from) {
  std::copy(from.begin(), from.end(), to.begin());
}

std::string blake2b(std::string_view bytes, std::size_t size) {
  std::string out(size, '\0');
  ::crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), size,
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr,
                       0);
  return out;
}

// Without their ends, "\n" or "\r\n".
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.push_back(line);
  }
  return out;
}

std::string id_text(const std::array<unsigned char, 8>& id) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (auto at = id.rbegin(); at != id.rend(); ++at)
    (out += digits[*at >> 4U]) += digits[*at & 15U];
  return out;
}

std::string checksum_of(std::string_view id, std::string_view key) {
  return blake2b(std::string(key_algorithm).append(id).append(key), checksum_size);
}

bool verifies(const minisign_public_key& key, std::string_view signature, std::string_view bytes) {
  return ::crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       bytes.size(), key.key.data()) == 0;
}

}  // namespace

std::string minisign_public_key::line() const {
  return to_base64(std::string(key_algorithm).append(view(id)).append(view(key)));
}

std::string minisign_public_key::file() const {
  return std::string(untrusted) + "minisign public key " + id_text(id) + "\n" + line() + "\n";
}

std::optional<minisign_public_key> minisign_public_key::parse(std::string_view text) {
  const auto lines = lines_of(text);
  const bool is_file = lines.size() == 2 && lines[0].starts_with(untrusted);
  if (!is_file && lines.size() != 1) return {};
  const auto bytes = from_base64(lines.back(), 2 + 8 + 32);
  if (!bytes || !bytes->starts_with(key_algorithm)) return {};
  minisign_public_key out;
  copy_to(out.id, std::string_view(*bytes).substr(2, 8));
  copy_to(out.key, std::string_view(*bytes).substr(10));
  return out;
}

minisign_secret_key minisign_secret_key::make(random_source& random) {
  start_sodium();
  minisign_secret_key out;
  std::array<unsigned char, 32> seed{}, ignored{};
  random.fill(seed);
  random.fill(out.id_);
  ::crypto_sign_seed_keypair(ignored.data(), out.key_.data(), seed.data());
  ::sodium_memzero(seed.data(), seed.size());
  return out;
}

std::optional<minisign_secret_key> minisign_secret_key::parse(std::string_view text) {
  const auto lines = lines_of(text);
  if (lines.size() != 2 || !lines[0].starts_with(untrusted)) return {};
  auto bytes = from_base64(lines[1], secret_size);
  if (!bytes) return {};
  const std::string_view all = *bytes;
  const std::string_view id = all.substr(6 + salt_and_costs, 8);
  const std::string_view key = all.substr(6 + salt_and_costs + 8, 64);
  std::optional<minisign_secret_key> out;
  if (all.substr(0, 2) == key_algorithm && all.substr(2, 2) == std::string_view("\0\0", 2) &&
      all.substr(4, 2) == checksum_algorithm && all.ends_with(checksum_of(id, key))) {
    out.emplace(minisign_secret_key());
    copy_to(out->id_, id);
    copy_to(out->key_, key);
  }
  ::sodium_memzero(bytes->data(), bytes->size());
  return out;
}

minisign_secret_key::~minisign_secret_key() {
  ::sodium_memzero(key_.data(), key_.size());
}

minisign_secret_key::minisign_secret_key(minisign_secret_key&& other) noexcept
    : id_(other.id_), key_(other.key_) {
  ::sodium_memzero(other.key_.data(), other.key_.size());
}

minisign_secret_key& minisign_secret_key::operator=(minisign_secret_key&& other) noexcept {
  if (this == &other) return *this;
  id_ = other.id_;
  key_ = other.key_;
  ::sodium_memzero(other.key_.data(), other.key_.size());
  return *this;
}

std::string minisign_secret_key::file() const {
  std::string bytes(key_algorithm);
  bytes.append(2, '\0').append(checksum_algorithm).append(salt_and_costs, '\0');
  bytes.append(view(id_)).append(view(key_)).append(checksum_of(view(id_), view(key_)));
  std::string out = std::string(untrusted) + "minisign secret key\n" + to_base64(bytes) + "\n";
  ::sodium_memzero(bytes.data(), bytes.size());
  return out;
}

minisign_public_key minisign_secret_key::public_key() const {
  minisign_public_key out;
  out.id = id_;
  std::copy(key_.begin() + 32, key_.end(), out.key.begin());
  return out;
}

std::string minisign_secret_key::sign(std::string_view bytes,
                                      std::string_view trusted_comment) const {
  if (trusted_comment.find('\n') != std::string_view::npos)
    throw std::invalid_argument("a signed comment is one line");
  const auto signed_by_us = [&](std::string_view message) {
    std::string out(crypto_sign_BYTES, '\0');
    ::crypto_sign_detached(reinterpret_cast<unsigned char*>(out.data()), nullptr,
                           reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                           key_.data());
    return out;
  };
  const std::string signature = signed_by_us(blake2b(bytes, crypto_generichash_BYTES_MAX));
  const std::string both = signed_by_us(signature + std::string(trusted_comment));
  return std::string(untrusted) + "signature by Agon, key " + id_text(id_) + "\n" +
         to_base64(std::string(hashed_algorithm).append(view(id_)).append(signature)) + "\n" +
         std::string(trusted).append(trusted_comment) + "\n" + to_base64(both) + "\n";
}

std::optional<std::string> check_minisign(const minisign_public_key& key, std::string_view bytes,
                                          std::string_view signature) {
  start_sodium();
  const auto lines = lines_of(signature);
  if (lines.size() != 4 || !lines[0].starts_with(untrusted) || !lines[2].starts_with(trusted))
    return {};
  const auto head = from_base64(lines[1], 2 + 8 + crypto_sign_BYTES);
  const auto tail = from_base64(lines[3], crypto_sign_BYTES);
  if (!head || !tail || !head->starts_with(hashed_algorithm) || head->substr(2, 8) != view(key.id))
    return {};
  const std::string signed_bytes = head->substr(10);
  std::string comment(lines[2].substr(trusted.size()));
  if (!verifies(key, signed_bytes, blake2b(bytes, crypto_generichash_BYTES_MAX)) ||
      !verifies(key, *tail, signed_bytes + comment))
    return {};
  return comment;
}

}  // namespace agon::crypto
