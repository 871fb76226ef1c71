#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <string>
#include <string_view>

#include "privacy/pii/find.hpp"
#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr double sure = .95;

bool is_identifier(char c) {
  return is_word(c) || c == '_';
}

// End of "/24" at `end` if it is a prefix length up to `longest`; else `end`.
std::size_t with_prefix_length(std::string_view s, std::size_t end, int longest) {
  if (at(s, end) != '/') return end;
  int bits = 0;
  std::size_t i = end + 1;
  for (; i < end + 4 && is_digit(at(s, i)); ++i) bits = bits * 10 + (s[i] - '0');
  return i > end + 1 && !is_word(at(s, i)) && bits <= longest ? i : end;
}

// End of the dotted quad that begins at `begin`, or `begin`.
std::size_t ipv4_end(std::string_view s, std::size_t begin) {
  std::size_t i = begin;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0 && at(s, i++) != '.') return begin;
    int v = 0;
    const std::size_t digits = i;
    while (is_digit(at(s, i)) && i < digits + 4) v = v * 10 + (s[i++] - '0');
    if (i == digits || i > digits + 3 || v > 255) return begin;
  }
  return i;
}

void find_ipv4(std::string_view s, std::size_t from, std::size_t to, sightings& out) {
  for (std::size_t i = from; i < to; ++i) {
    if (!is_digit(s[i])) continue;
    const bool inside =
        is_identifier(before(s, i)) || (i >= 2 && s[i - 1] == '.' && is_digit(s[i - 2]));
    std::size_t end = inside ? i : ipv4_end(s, i);
    // "02.27.96.63.08" is a telephone number of five pairs.
    if (s[i] == '0' && is_digit(at(s, i + 1)) && at(s, end) == '.' && is_digit(at(s, end + 1)))
      end = i;
    if (end == i || is_identifier(at(s, end))) {
      while (i + 1 < to && is_digit(s[i + 1])) ++i;
      continue;
    }
    const std::size_t whole = with_prefix_length(s, end, 32);
    out.push_back({kind::ip_address, i, whole, sure});
    i = whole - 1;
  }
}

bool is_ipv6_character(char c) {
  return is_hex(c) || c == ':' || c == '.';
}

bool is_ipv6(std::string_view s) {
  char text[INET6_ADDRSTRLEN + 1];
  if (s.size() < 2 || s.size() > INET6_ADDRSTRLEN) return false;
  std::memcpy(text, s.data(), s.size());
  text[s.size()] = '\0';
  in6_addr address{};
  return inet_pton(AF_INET6, text, &address) == 1;
}

// "::" alone is an address and also an operator of many languages: it counts unless
// it stands between words ("f :: Int").
bool is_lone_address(std::string_view s, std::size_t begin, std::size_t end) {
  std::size_t next = end;
  while (at(s, next) == ' ') ++next;
  const bool follows_word = is_identifier(before(s, begin)) || before(s, begin) == ' ';
  const char c = at(s, next);
  return !(follows_word && (is_word(c) || c == '(' || c == '['));
}

// The address in the run [begin, end) of characters that an IPv6 address may have.
void take_ipv6(std::string_view s, std::size_t begin, std::size_t end, sightings& out) {
  if (s[begin] == ':' && at(s, begin + 1) != ':') ++begin;
  while (end > begin && s[end - 1] == '.') --end;
  if (end - begin >= 2 && s[end - 1] == ':' && s[end - 2] != ':') --end;
  // A sentence may end in the address and the next begin with a letter from A to F.
  const std::size_t dot = begin + s.substr(begin, end - begin).find('.');
  if (dot > begin && dot < end && is_letter(at(s, dot + 1))) end = dot;
  if (is_identifier(before(s, begin)) || is_identifier(at(s, end))) return;
  const std::string_view address = s.substr(begin, end - begin);
  if (address.find(':') == std::string_view::npos || !is_ipv6(address)) return;
  if (address == "::" && !is_lone_address(s, begin, end)) return;
  if (at(s, end) == '%' && is_word(at(s, end + 1))) {
    ++end;
    while (is_identifier(at(s, end))) ++end;
  }
  out.push_back({kind::ip_address, begin, with_prefix_length(s, end, 128), sure});
}

bool is_private_ipv4(const unsigned char* b) {
  return b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224 || (b[0] == 169 && b[1] == 254) ||
         (b[0] == 172 && b[1] >= 16 && b[1] < 32) || (b[0] == 192 && b[1] == 168) ||
         (b[0] == 100 && b[1] >= 64 && b[1] < 128) || (b[0] == 192 && b[1] == 0 && b[2] == 2) ||
         (b[0] == 198 && (b[1] == 18 || b[1] == 19)) ||
         (b[0] == 198 && b[1] == 51 && b[2] == 100) || (b[0] == 203 && b[1] == 0 && b[2] == 113);
}

bool is_private_ipv6(const unsigned char* b) {
  const bool zeros = std::all_of(b, b + 10, [](unsigned char v) { return v == 0; });
  if (zeros && b[10] == 0xff && b[11] == 0xff) return is_private_ipv4(b + 12);
  return zeros || (b[0] & 0xfeU) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0U) == 0x80) ||
         b[0] == 0xff || (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && b[3] == 0xb8);
}

}  // namespace

bool is_private_address(std::string_view address) {
  const std::string text(address.substr(0, address.find_first_of("%/")));
  unsigned char bytes[16];
  if (inet_pton(AF_INET, text.c_str(), bytes) == 1) return is_private_ipv4(bytes);
  return inet_pton(AF_INET6, text.c_str(), bytes) == 1 && is_private_ipv6(bytes);
}

void find_ip_addresses(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  for (std::size_t i = 0; i < s.size();) {
    if (!is_ipv6_character(s[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < s.size() && is_ipv6_character(s[end])) ++end;
    const std::size_t known = out.size();
    if (end - i >= 2) take_ipv6(s, i, end, out);
    if (out.size() == known) find_ipv4(s, i, end, out);
    if (out.size() > known) end = std::max(end, out.back().end);
    i = end;
  }
}

}  // namespace agon::pii
