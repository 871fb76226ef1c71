#include <algorithm>
#include <cstring>

#include "privacy/crypto/utf8.hpp"
#include "services/files/rows.hpp"

namespace agon::files {
namespace {

// The first byte at or behind `at` that is not ASCII, or the end. 32 bytes at a time.
const char* skip_ascii(const char* at, const char* end) {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  while (end - at >= 32) {
    std::uint64_t words[4];
    std::memcpy(words, at, sizeof words);
    if (((words[0] | words[1] | words[2] | words[3]) & high_bits) != 0) break;
    at += 32;
  }
  while (at != end && static_cast<unsigned char>(*at) < 0x80) ++at;
  return at;
}

}  // namespace

std::optional<file_error> check_utf8(block& records) {
  const char* const end = records.end();
  for (const char* at = skip_ascii(records.begin(), end); at != end; at = skip_ascii(at, end)) {
    const auto length = static_cast<std::size_t>(end - at);
    const std::size_t bytes = crypto::decode_utf8({at, length}, 0).bytes;
    if (bytes == 0) {
      const auto before = std::count(static_cast<const char*>(records.begin()), at, '\n');
      return file_error{"is not valid UTF-8", records.line() + static_cast<std::uint64_t>(before)};
    }
    at += bytes;
  }
  return std::nullopt;
}

}  // namespace agon::files
