#include <string_view>

#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t paired_size = 17;  // "00:1A:2B:3C:4D:5E"
constexpr std::size_t dotted_size = 14;  // "0012.3456.789A"

// Groups of `width` hexadecimal digits, parted by `sign`, and not all the same digit
// (broadcast and the unset address are nobody's).
bool is_mac_at(std::string_view s, std::size_t begin, std::size_t size, std::size_t width,
               char sign) {
  if (begin + size > s.size()) return false;
  bool differ = false;
  for (std::size_t i = 0; i < size; ++i) {
    const char c = s[begin + i];
    if (i % (width + 1) == width) {
      if (c != sign) return false;
    } else {
      if (!is_hex(c)) return false;
      differ = differ || to_lower(c) != to_lower(s[begin]);
    }
  }
  const char next = at(s, begin + size);
  return differ && !is_word(next) && next != '_' &&
         !(next == sign && is_hex(at(s, begin + size + 1)));
}

}  // namespace

void find_macs(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  for (std::size_t i = 0; i + dotted_size <= s.size(); ++i) {
    if (!is_hex(s[i])) continue;
    const char previous = before(s, i);
    if (is_word(previous) || previous == '_') continue;
    if ((previous == ':' || previous == '-' || previous == '.') && i >= 2 && is_hex(s[i - 2]))
      continue;
    std::size_t size = 0;
    if (const char sign = s[i + 2]; sign == ':' || sign == '-')
      size = is_mac_at(s, i, paired_size, 2, sign) ? paired_size : 0;
    else if (s[i + 4] == '.')
      size = is_mac_at(s, i, dotted_size, 4, '.') ? dotted_size : 0;
    if (size == 0) continue;
    out.push_back({kind::mac_address, i, i + size, size == paired_size ? .9 : .7});
    i += size - 1;
  }
}

}  // namespace agon::pii
