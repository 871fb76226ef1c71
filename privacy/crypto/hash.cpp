#include "privacy/crypto/hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <fstream>
#include <stdexcept>
#include <vector>

namespace agon::crypto {
namespace {

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

void require(bool ok) {
  if (!ok) throw std::runtime_error("OpenSSL refused a SHA-256 operation");
}

}  // namespace

digest sha256(std::string_view bytes) {
  digest out;
  SHA256(raw(bytes), bytes.size(), out.data());
  return out;
}

digest hmac_sha256(std::string_view key, std::string_view message) {
  digest out;
  unsigned int length = 0;
  require(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(message), message.size(),
               out.data(), &length) != nullptr);
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

struct sha256_stream::state {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  state() { require(context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1); }
  ~state() { EVP_MD_CTX_free(context); }
  state(const state&) = delete;
  state& operator=(const state&) = delete;
};

sha256_stream::sha256_stream() : state_(std::make_unique<state>()) {}
sha256_stream::~sha256_stream() = default;
sha256_stream::sha256_stream(sha256_stream&&) noexcept = default;
sha256_stream& sha256_stream::operator=(sha256_stream&&) noexcept = default;

void sha256_stream::update(std::string_view bytes) {
  require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

digest sha256_stream::finish() {
  digest out;
  require(EVP_DigestFinal_ex(state_->context, out.data(), nullptr) == 1);
  return out;
}

digest sha256_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  sha256_stream stream;
  std::vector<char> buffer(1UL << 16U);
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    stream.update({buffer.data(), static_cast<std::size_t>(in.gcount())});
  }
  if (!in.eof()) throw std::runtime_error("cannot read " + path);
  return stream.finish();
}

}  // namespace agon::crypto
