#include "services/http/signed_cookie.hpp"

#include <stdexcept>

#include "privacy/crypto/encoding.hpp"

namespace agon::http {
namespace {

constexpr std::size_t key_bytes = 32;

bool is_token(std::string_view name) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

cookie_signer::cookie_signer(const secret& key, bool secure) : key_(key.reveal()), secure_(secure) {
  if (key.reveal().size() != key_bytes)
    throw std::invalid_argument("the key of signed cookies must have 32 bytes");
}

std::string cookie_signer::name(std::string_view base) const {
  return (secure_ ? "__Host-" : "") + std::string(base);
}

// The text is base64url(value) "." base64url(mac). The label keeps these signatures
// apart from any other use of the key; names hold no NUL, so the message is unambiguous.
std::string cookie_signer::sign(std::string_view base, std::string_view value) const {
  std::string message = "agon cookie 1";
  message.push_back('\0');
  message += base;
  message.push_back('\0');
  message += value;
  return crypto::to_base64url(crypto::bytes_of(key_.sign(message)));
}

std::string cookie_signer::set_cookie(std::string_view base, std::string_view value,
                                      std::chrono::seconds max_age) const {
  if (!is_token(base)) throw std::invalid_argument("a cookie's name is letters, digits, - and _");
  std::string out = name(base) + '=' + crypto::to_base64url(value) + '.' + sign(base, value);
  out += "; Path=/; Max-Age=" + std::to_string(max_age.count()) + "; HttpOnly; SameSite=Lax";
  if (secure_) out += "; Secure";
  return out;
}

std::optional<std::string> cookie_signer::verify(std::string_view base,
                                                 std::string_view text) const {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  auto value = crypto::from_base64url(text.substr(0, dot));
  if (!value) return std::nullopt;
  if (!crypto::equal_in_constant_time(text.substr(dot + 1), sign(base, *value)))
    return std::nullopt;
  return value;
}

}  // namespace agon::http
