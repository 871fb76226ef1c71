#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "privacy/crypto/hash.hpp"
#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/keccak.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t shortest_address = 25;
constexpr std::size_t longest_base58 = 111;
constexpr std::size_t longest_bech32 = 90;
constexpr std::string_view bitcoin_alphabet =
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view ripple_alphabet =
    "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

// The bytes of a base 58 number of 25 bytes, version and four check bytes included;
// empty if it has more or another character.
std::string base58_bytes(std::string_view s, std::string_view alphabet) {
  std::array<unsigned char, 25> bytes{};
  for (const char c : s) {
    const std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) return {};
    auto carry = static_cast<unsigned>(digit);
    for (std::size_t i = bytes.size(); i-- > 0;) {
      carry += 58U * bytes[i];
      bytes[i] = static_cast<unsigned char>(carry & 0xffU);
      carry >>= 8U;
    }
    if (carry != 0) return {};
  }
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool base58check_holds(std::string_view s, std::string_view alphabet) {
  const std::string bytes = base58_bytes(s, alphabet);
  if (bytes.empty()) return false;
  const std::string_view body = std::string_view(bytes).substr(0, 21);
  const crypto::digest once = crypto::sha256(body);
  const crypto::digest twice = crypto::sha256(crypto::bytes_of(once));
  return crypto::bytes_of(twice).substr(0, 4) == std::string_view(bytes).substr(21);
}

// BIP 173 and BIP 350.
bool bech32_holds(std::string_view s) {
  constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  constexpr std::array<std::uint32_t, 5> generator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                                      0x3d4233dd, 0x2a1462b3};
  const std::size_t one = s.rfind('1');
  if (one == std::string_view::npos || one == 0 || s.size() - one < 7 || s.size() > longest_bech32)
    return false;
  const bool mixed =
      std::any_of(s.begin(), s.end(), is_upper) && std::any_of(s.begin(), s.end(), is_lower);
  if (mixed) return false;
  std::uint32_t sum = 1;
  const auto feed = [&](std::uint32_t v) {
    const std::uint32_t top = sum >> 25U;
    sum = ((sum & 0x1ffffffU) << 5U) ^ v;
    for (std::size_t i = 0; i < 5; ++i)
      if (((top >> i) & 1U) != 0) sum ^= generator[i];
  };
  for (std::size_t i = 0; i < one; ++i) feed(static_cast<std::uint32_t>(to_lower(s[i])) >> 5U);
  feed(0);
  for (std::size_t i = 0; i < one; ++i) feed(static_cast<std::uint32_t>(to_lower(s[i])) & 31U);
  for (std::size_t i = one + 1; i < s.size(); ++i) {
    const std::size_t v = alphabet.find(to_lower(s[i]));
    if (v == std::string_view::npos) return false;
    feed(static_cast<std::uint32_t>(v));
  }
  return sum == 1 || sum == 0x2bc830a3;
}

bool begins_as_bech32(std::string_view s) {
  for (const std::string_view prefix : {"bc1", "tb1", "ltc1", "addr1", "cosmos1", "osmo1"})
    if (s.size() > prefix.size() && std::equal(prefix.begin(), prefix.end(), s.begin(),
                                               [](char p, char c) { return p == to_lower(c); }))
      return true;
  return false;
}

// 0 if it is no address; EIP-55's capitals make an Ethereum address sure.
double ethereum_score(std::string_view s) {
  if (s.size() != 42 || s[0] != '0' || to_lower(s[1]) != 'x') return 0;
  const std::string_view hex = s.substr(2);
  if (!std::all_of(hex.begin(), hex.end(), is_hex)) return 0;
  std::string lower(hex);
  std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
  const bool one_case = std::none_of(hex.begin(), hex.end(), is_upper) ||
                        std::none_of(hex.begin(), hex.end(), is_lower);
  if (one_case) return .7;
  const auto hash = keccak256(lower);
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const unsigned nibble = i % 2 == 0 ? hash[i / 2] >> 4U : hash[i / 2] & 15U;
    if (is_digit(hex[i]) ? false : is_upper(hex[i]) != (nibble >= 8)) return 0;
  }
  return 1;
}

double crypto_score(std::string_view s) {
  if (const double score = ethereum_score(s); score > 0) return score;
  if (begins_as_bech32(s)) return bech32_holds(s) ? 1 : 0;
  if (s.size() > 35) {
    // Monero: 95 characters, network bytes 4 or 8; its checksum is over another base 58.
    const bool monero = s.size() == 95 && (s[0] == '4' || s[0] == '8') &&
                        s.find_first_not_of(bitcoin_alphabet) == std::string_view::npos;
    return monero ? .8 : 0;
  }
  if (s[0] == 'r') return base58check_holds(s, ripple_alphabet) ? 1 : 0;
  // Bitcoin, Litecoin, Dogecoin, Dash, Tron and their test networks.
  if (std::string_view("13LMDAXTmn29").find(s[0]) == std::string_view::npos) return 0;
  return base58check_holds(s, bitcoin_alphabet) ? 1 : 0;
}

}  // namespace

void find_crypto(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (!is_word(s[i])) continue;
    std::size_t end = i;
    while (end < s.size() && is_word(s[end])) ++end;
    const std::size_t size = end - i;
    if (size >= shortest_address && size <= longest_base58) {
      const double score = crypto_score(s.substr(i, size));
      if (score > 0) out.push_back({kind::crypto, i, end, score});
    }
    i = end;
  }
}

}  // namespace agon::pii
