// A manifest that is let in is, byte by byte, the one its content asks for.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "privacy/release/documents.hpp"
#include "privacy/release/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto m = agon::release::parse_manifest(text);
  if (m && agon::release::to_json(*m) != text) std::abort();
  if (m && agon::release::documents(*m).empty()) std::abort();
  return 0;
}
