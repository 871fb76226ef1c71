// Parquet's mix of run lengths and packed bits, for levels and places in a dictionary.
// Internal to privacy/parquet.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace agon::parquet {

// Bits that hold every number up to `most`.
[[nodiscard]] int bits_for(std::uint64_t most);

// Appends the values, each below 2^bits.
void encode_hybrid(std::span<const std::uint32_t> values, int bits, std::string& out);

// Decodes value by value, so that a run of billions costs no memory.
class hybrid_decoder {
 public:
  hybrid_decoder() = default;
  // 0 <= bits <= 32; the bytes must outlive the decoder.
  hybrid_decoder(std::string_view bytes, int bits) : bytes_(bytes), bits_(bits) {}

  // False if the bytes have ended or are not what they must be.
  [[nodiscard]] bool next(std::uint32_t& v) {
    if (left_ == 0 && !next_run()) return false;
    --left_;
    if (packed_) return unpack(v);
    v = repeated_;
    return true;
  }

 private:
  bool next_run();
  bool unpack(std::uint32_t& v);
  bool varint(std::uint64_t& v);

  std::string_view bytes_;
  int bits_ = 0;
  std::size_t at_ = 0;
  std::uint64_t left_ = 0;
  std::uint32_t repeated_ = 0;
  bool packed_ = false;
  std::uint64_t window_ = 0;  // bits read and not yet given
  int in_window_ = 0;
};

}  // namespace agon::parquet
