// find() gives ordered spans inside the text; redact() leaves nothing to find.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "privacy/pii/find.hpp"
#include "privacy/pii/redact.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t last_end = 0;
  std::size_t last_code_point = 0;
  for (const agon::pii::span& s : agon::pii::find(text)) {
    if (s.begin < last_end || s.end <= s.begin || s.end > size) std::abort();
    if (s.first_code_point < last_code_point || s.last_code_point <= s.first_code_point)
      std::abort();
    last_end = s.end;
    last_code_point = s.last_code_point;
  }
  agon::pii::conversation_state state;
  const auto clean = agon::pii::redact(text, state);
  if (!agon::pii::find(clean.text).empty()) std::abort();
  return 0;
}
