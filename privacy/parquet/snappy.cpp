#include <cstdint>

#include "privacy/parquet/codec.hpp"
#include "privacy/parquet/format.hpp"

namespace agon::parquet {
namespace {

// A little-endian number of so many bytes; false if they are not there.
bool take_number(std::string_view& in, std::size_t size, std::size_t& v) {
  if (in.size() < size) return false;
  v = 0;
  for (std::size_t i = 0; i < size; ++i)
    v |= static_cast<std::size_t>(static_cast<unsigned char>(in[i])) << (8 * i);
  in.remove_prefix(size);
  return true;
}

bool take_length(std::string_view& in, std::size_t& v) {
  v = 0;
  for (unsigned shift = 0; shift < 35 && !in.empty(); shift += 7) {
    const auto b = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    v |= static_cast<std::size_t>(b & 0x7F) << shift;
    if (b < 0x80) return true;
  }
  return false;
}

struct snappy_output {
  char* out;
  std::size_t size;
  std::size_t done = 0;

  bool literal(std::string_view& in, std::size_t length) {
    if (length > in.size() || length > size - done) return false;
    std::memcpy(out + done, in.data(), length);
    in.remove_prefix(length);
    done += length;
    return true;
  }
  bool copy(std::size_t back, std::size_t length) {
    if (back == 0 || back > done || length > size - done) return false;
    // Byte by byte: source and target may overlap, and then repeat.
    for (std::size_t i = 0; i < length; ++i) out[done + i] = out[done - back + i];
    done += length;
    return true;
  }
};

}  // namespace

bool read_snappy(std::string_view in, char* out, std::size_t raw_bytes) {
  std::size_t stated = 0;
  if (!take_length(in, stated) || stated != raw_bytes) return false;
  snappy_output to{out, raw_bytes};
  while (!in.empty()) {
    const auto tag = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    std::size_t length = (tag >> 2) + 1U;
    std::size_t back = 0;
    bool good = false;
    switch (tag & 3) {
      case 0: {
        constexpr std::size_t short_lengths = 60;  // longer ones stand in 1 to 4 bytes
        good = length <= short_lengths;
        if (!good && take_number(in, length - short_lengths, length)) {
          ++length;
          good = true;
        }
        good = good && to.literal(in, length);
        break;
      }
      case 1:
        good =
            take_number(in, 1, back) && to.copy(back | (tag & 0xE0U) << 3, ((tag >> 2) & 7U) + 4);
        break;
      case 2:
        good = take_number(in, 2, back) && to.copy(back, length);
        break;
      default:
        good = take_number(in, 4, back) && to.copy(back, length);
    }
    if (!good) return false;
  }
  return to.done == raw_bytes;
}

}  // namespace agon::parquet
