// Rows of JSON are read, or refused with std::runtime_error; text comes out whole.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "privacy/pii/streams.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  using namespace agon::pii;
  for (const stream_format format : {stream_format::text, stream_format::jsonl}) {
    std::istringstream in(text), again(text);
    std::ostringstream out;
    try {
      (void)scan_stream(in, out, format, text_style::plain, {kind_set::all(), 0});
      (void)redact_stream(again, out, format, {});
    } catch (const std::runtime_error&) {
      if (format == stream_format::text) std::abort();
    }
  }
  return 0;
}
