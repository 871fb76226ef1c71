// Compressed streams from strangers: lines within the limits, or a problem in words.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "privacy/release/zstd_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t line_limit = 1000;
  constexpr std::uint64_t raw_limit = 1UL << 20;
  constexpr std::size_t chunk = 128UL << 10;  // what the reader may unpack beyond a limit
  agon::release::unique_fd fd(::memfd_create("stream", MFD_CLOEXEC));
  if (!fd.is_open() || ::write(fd.get(), data, size) != static_cast<ssize_t>(size)) std::abort();
  if (::lseek(fd.get(), 0, SEEK_SET) != 0) std::abort();
  agon::release::zstd_line_reader reader(std::move(fd), line_limit, raw_limit);
  std::string_view line;
  while (reader.next(line))
    if (line.size() > line_limit + chunk || line.find('\n') != std::string_view::npos) std::abort();
  if (reader.raw_bytes() > raw_limit + chunk) std::abort();
  return 0;
}
