#include "privacy/parquet/hybrid.hpp"

#include <algorithm>
#include <bit>

namespace agon::parquet {
namespace {

constexpr std::size_t group_size = 8;  // bits are packed for so many values at a time

void append_varint(std::uint64_t v, std::string& out) {
  for (; v >= 0x80; v >>= 7) out += static_cast<char>((v & 0x7F) | 0x80);
  out += static_cast<char>(v);
}

void append_run(std::uint32_t value, std::size_t length, int bits, std::string& out) {
  append_varint(static_cast<std::uint64_t>(length) << 1, out);
  for (int shift = 0; shift < bits; shift += 8) out += static_cast<char>(value >> shift);
}

// Whole groups; what is missing in the last one is zeros.
void append_packed(std::span<const std::uint32_t> values, int bits, std::string& out) {
  const std::size_t groups = (values.size() + group_size - 1) / group_size;
  append_varint(static_cast<std::uint64_t>(groups) << 1 | 1, out);
  std::uint64_t window = 0;
  int filled = 0;
  for (std::size_t i = 0; i < groups * group_size; ++i) {
    window |= static_cast<std::uint64_t>(i < values.size() ? values[i] : 0) << filled;
    for (filled += bits; filled >= 8; filled -= 8, window >>= 8) out += static_cast<char>(window);
  }
}

std::size_t run_at(std::span<const std::uint32_t> values, std::size_t at) {
  std::size_t end = at + 1;
  while (end < values.size() && values[end] == values[at]) ++end;
  return end - at;
}

}  // namespace

int bits_for(std::uint64_t most) {
  return static_cast<int>(std::bit_width(most));
}

void encode_hybrid(std::span<const std::uint32_t> values, int bits, std::string& out) {
  std::size_t packed_from = 0;
  for (std::size_t at = 0; at < values.size();) {
    std::size_t run = run_at(values, at);
    // Packed values come in whole groups, so a run gives what is missing in the last.
    const std::size_t lent = (group_size - (at - packed_from) % group_size) % group_size;
    if (run < lent + group_size) {
      at += run;
      continue;
    }
    at += lent;
    run -= lent;
    if (at > packed_from) append_packed(values.subspan(packed_from, at - packed_from), bits, out);
    append_run(values[at], run, bits, out);
    at += run;
    packed_from = at;
  }
  if (packed_from < values.size()) append_packed(values.subspan(packed_from), bits, out);
}

bool hybrid_decoder::varint(std::uint64_t& v) {
  v = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    if (at_ >= bytes_.size()) return false;
    const auto b = static_cast<unsigned char>(bytes_[at_++]);
    v |= static_cast<std::uint64_t>(b & 0x7F) << shift;
    if (b < 0x80) return true;
  }
  return false;
}

bool hybrid_decoder::next_run() {
  std::uint64_t head = 0;
  do {
    if (!varint(head)) return false;
  } while (head >> 1 == 0);  // empty runs are allowed
  packed_ = (head & 1) != 0;
  window_ = 0;
  in_window_ = 0;
  left_ = packed_ ? (head >> 1) * group_size : head >> 1;
  if (packed_) return true;
  repeated_ = 0;
  for (int shift = 0; shift < bits_; shift += 8) {
    if (at_ >= bytes_.size()) return false;
    repeated_ |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes_[at_++])) << shift;
  }
  return bits_ == 32 || repeated_ >> bits_ == 0;
}

bool hybrid_decoder::unpack(std::uint32_t& v) {
  for (; in_window_ < bits_; in_window_ += 8) {
    if (at_ >= bytes_.size()) return false;
    window_ |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[at_++])) << in_window_;
  }
  v = static_cast<std::uint32_t>(window_ & ((1ULL << bits_) - 1));
  window_ >>= bits_;
  in_window_ -= bits_;
  return true;
}

}  // namespace agon::parquet
