#include "privacy/crypto/hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace agon::crypto {
namespace {

void require(bool ok) {
  if (!ok) throw std::runtime_error("OpenSSL refused a SHA-256 operation");
}

// OpenSSL 3 looks an algorithm up by its name, which takes longer than to hash a cookie;
// so this is done once. It lives as long as the program.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = [] {
    const EVP_MD* found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    require(found != nullptr);
    return found;
  }();
  return fetched;
}

// A SHA-256 under way.
class context {
 public:
  context() : state_(EVP_MD_CTX_new()) { require(state_ != nullptr); }
  ~context() { EVP_MD_CTX_free(state_); }
  context(const context&) = delete;
  context& operator=(const context&) = delete;

  void start() { require(EVP_DigestInit_ex(state_, algorithm(), nullptr) == 1); }
  void copy(const context& from) { require(EVP_MD_CTX_copy_ex(state_, from.state_) == 1); }
  void update(std::string_view bytes) {
    require(EVP_DigestUpdate(state_, bytes.data(), bytes.size()) == 1);
  }
  digest finish() {
    digest out;
    require(EVP_DigestFinal_ex(state_, out.data(), nullptr) == 1);
    return out;
  }

 private:
  EVP_MD_CTX* state_;
};

}  // namespace

digest sha256(std::string_view bytes) {
  digest out;
  require(EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, algorithm(), nullptr) == 1);
  return out;
}

digest hmac_sha256(std::string_view key, std::string_view message) {
  return hmac_sha256_key(key).sign(message);
}

// The two hashes of RFC 2104 as they stand behind the padded key.
struct hmac_sha256_key::state {
  context inner, outer;
};

hmac_sha256_key::hmac_sha256_key(std::string_view key) : state_(std::make_unique<state>()) {
  constexpr std::size_t block = 64;
  const digest hashed = key.size() > block ? sha256(key) : digest{};
  if (key.size() > block) key = bytes_of(hashed);
  for (const auto& [hash, mask] : {std::pair{&state_->inner, '\x36'}, {&state_->outer, '\x5c'}}) {
    std::string padded(block, mask);
    for (std::size_t i = 0; i < key.size(); ++i) padded[i] = static_cast<char>(key[i] ^ mask);
    hash->start();
    hash->update(padded);
    OPENSSL_cleanse(padded.data(), padded.size());
  }
}

hmac_sha256_key::~hmac_sha256_key() = default;

digest hmac_sha256_key::sign(std::string_view message) const {
  context hash;
  hash.copy(state_->inner);
  hash.update(message);
  const digest inner = hash.finish();
  hash.copy(state_->outer);
  hash.update(bytes_of(inner));
  return hash.finish();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

struct sha256_stream::state {
  context hash;
};

sha256_stream::sha256_stream() : state_(std::make_unique<state>()) {
  state_->hash.start();
}
sha256_stream::~sha256_stream() = default;
sha256_stream::sha256_stream(sha256_stream&&) noexcept = default;
sha256_stream& sha256_stream::operator=(sha256_stream&&) noexcept = default;

void sha256_stream::update(std::string_view bytes) {
  state_->hash.update(bytes);
}

digest sha256_stream::finish() {
  return state_->hash.finish();
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
