#include "privacy/parquet/delta.hpp"

#include <algorithm>

namespace agon::parquet {
namespace {

parquet_error broken() {
  return {"a page's delta encoding is broken"};
}

bool take_varint(std::string_view& in, std::uint64_t& v) {
  v = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto b = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    v |= static_cast<std::uint64_t>(b & 0x7F) << shift;
    if (b < 0x80) return true;
  }
  return false;
}

bool take_zigzag(std::string_view& in, std::uint64_t& v) {
  if (!take_varint(in, v)) return false;
  v = (v >> 1) ^ (~(v & 1) + 1);
  return true;
}

struct delta_head {
  std::uint64_t block = 0, miniblocks = 0, values = 0, first = 0;
};

bool take_head(std::string_view& in, std::size_t most, delta_head& h) {
  constexpr std::uint64_t largest_block = 1U << 20;
  return take_varint(in, h.block) && take_varint(in, h.miniblocks) && take_varint(in, h.values) &&
         take_zigzag(in, h.first) && h.values <= most && h.block > 0 && h.block <= largest_block &&
         h.miniblocks > 0 && h.miniblocks <= h.block && h.block % h.miniblocks == 0 &&
         (h.block / h.miniblocks) % 8 == 0;
}

// Adds the sums of one miniblock's deltas. Sums wrap around, as the format wants.
void take_miniblock(std::string_view packed, unsigned bits, std::uint64_t least,
                    std::uint64_t count, std::vector<std::int64_t>& out) {
  auto last = static_cast<std::uint64_t>(out.back());
  std::size_t bit = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t delta = 0;
    for (unsigned got = 0; got < bits;) {
      const auto byte = static_cast<unsigned char>(packed[bit / 8]);
      const unsigned here = std::min<unsigned>(8 - static_cast<unsigned>(bit % 8), bits - got);
      delta |= static_cast<std::uint64_t>((byte >> (bit % 8)) & ((1U << here) - 1)) << got;
      got += here;
      bit += here;
    }
    last += least + delta;
    out.push_back(static_cast<std::int64_t>(last));
  }
}

bool take_block(std::string_view& in, const delta_head& h, std::vector<std::int64_t>& out) {
  std::uint64_t least = 0;
  if (!take_zigzag(in, least) || in.size() < h.miniblocks) return false;
  const std::string_view widths = in.substr(0, h.miniblocks);
  in.remove_prefix(h.miniblocks);
  const std::uint64_t each = h.block / h.miniblocks;
  for (std::size_t m = 0; m < h.miniblocks && out.size() < h.values; ++m) {
    const auto bits = static_cast<unsigned char>(widths[m]);
    const std::uint64_t bytes = each / 8 * bits;
    if (bits > 64 || in.size() < bytes) return false;
    take_miniblock(in, bits, least, std::min<std::uint64_t>(each, h.values - out.size()), out);
    in.remove_prefix(bytes);
  }
  return true;
}

}  // namespace

result<std::vector<std::int64_t>> read_delta_integers(std::string_view& bytes, std::size_t most) {
  delta_head head;
  if (!take_head(bytes, most, head)) return broken();
  std::vector<std::int64_t> out;
  if (head.values == 0) return out;
  out.reserve(head.values);
  out.push_back(static_cast<std::int64_t>(head.first));
  while (out.size() < head.values)
    if (!take_block(bytes, head, out)) return broken();
  return out;
}

result<delta_texts> read_delta_texts(std::string_view bytes, bool with_prefixes, std::size_t most,
                                     std::size_t most_bytes) {
  std::vector<std::int64_t> prefixes;
  if (with_prefixes) {
    auto read = read_delta_integers(bytes, most);
    if (!read) return read.error();
    prefixes = std::move(*read);
  }
  auto lengths = read_delta_integers(bytes, most);
  if (!lengths) return lengths.error();
  if (with_prefixes && prefixes.size() != lengths->size()) return broken();
  delta_texts out;
  std::size_t begin = 0;  // of the text before
  for (std::size_t i = 0; i < lengths->size(); ++i) {
    const std::int64_t length = (*lengths)[i];
    const std::int64_t prefix = with_prefixes ? prefixes[i] : 0;
    const std::size_t end = out.text.size();
    if (length < 0 || static_cast<std::uint64_t>(length) > bytes.size() || prefix < 0 ||
        static_cast<std::uint64_t>(prefix) > end - begin)
      return broken();
    const auto suffix = static_cast<std::size_t>(length);
    if (static_cast<std::size_t>(prefix) + suffix > most_bytes - std::min(most_bytes, end))
      return parquet_error{"a page's texts are longer than the limit"};
    out.text.append(out.text, begin, static_cast<std::size_t>(prefix));
    out.text.append(bytes.substr(0, suffix));
    bytes.remove_prefix(suffix);
    begin = end;
    out.ends.push_back(out.text.size());
  }
  return out;
}

}  // namespace agon::parquet
