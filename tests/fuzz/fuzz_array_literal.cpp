// Array literals: what is read, printed and read again is the same; what goes in comes out.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

#include "services/store/postgres/array_literal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace agon::store;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto elements = parse_array(text);
    if (parse_array(to_array(elements)) != elements) std::abort();
  } catch (const std::invalid_argument&) {  // NOLINT(bugprone-empty-catch): most inputs
  }

  // The same bytes as elements, cut at each 0xff.
  std::vector<std::string> elements;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\xff', at), text.size());
    elements.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  try {
    if (parse_array(to_array(elements)) != elements) std::abort();
  } catch (const std::invalid_argument&) {
    if (text.find('\0') == std::string_view::npos) std::abort();
  }
  return 0;
}
