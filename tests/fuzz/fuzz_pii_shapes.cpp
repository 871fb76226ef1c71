// Every kind alone, with guesses: whatever a form lets through, its check must bear; and
// forms themselves are read, or refused.
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "privacy/pii/find.hpp"
#include "privacy/pii/shapes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace agon::pii;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto wanted = static_cast<kind>(data[0] % kinds);
  for (const span& s : find(text, {kind_set::only(wanted), 0}))
    if (s.what != wanted || s.end > text.size() || s.begin >= s.end) std::abort();
  try {
    const shape_matcher matcher(text.substr(0, 64));
    if (matcher.least_before_digit() > matcher.most_before_digit()) std::abort();
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
