#include <algorithm>
#include <stdexcept>

#include "privacy/pii/names_model.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t longest_phrase = 5;

void put_varint(std::string& out, std::uint32_t v) {
  for (; v >= 128; v >>= 7U) out += static_cast<char>((v & 127U) | 128U);
  out += static_cast<char>(v);
}

std::uint32_t get_varint(std::string_view bytes, std::size_t& i) {
  std::uint32_t v = 0;
  for (unsigned shift = 0; shift < 32; shift += 7) {
    if (i >= bytes.size()) throw std::runtime_error("the model of names is cut short");
    const auto b = static_cast<unsigned char>(bytes[i++]);
    v |= static_cast<std::uint32_t>(b & 127U) << shift;
    if (b < 128) return v;
  }
  throw std::runtime_error("the model of names is damaged");
}

}  // namespace

name_lists::name_lists() : slots_(slot_count, 0) {}

void name_lists::put(std::uint32_t key, std::uint8_t bits) {
  if (bits == 0) return;
  std::size_t slot = key & mask;
  while (slots_[slot] != 0 && slots_[slot] >> 8U != key) slot = (slot + 1) & mask;
  if (slots_[slot] == 0 && ++used_ > slot_count / 2) throw std::runtime_error("too many names");
  slots_[slot] = (key << 8U) | (slots_[slot] & 0xffU) | bits;
}

void name_lists::add(std::string_view folded_phrase, std::uint8_t bits) {
  const auto tokens = name_tokens(folded_phrase);
  if (tokens.empty() || tokens.size() > longest_phrase) return;
  std::uint32_t h = tokens[0].word;
  for (std::size_t i = 1; i < tokens.size(); ++i) h = joined_hash(h, tokens[i].word);
  put(h >> 8U, bits);
}

std::string name_lists::encoded() const {
  std::vector<std::uint32_t> entries;
  for (const std::uint32_t e : slots_)
    if (e != 0) entries.push_back(e);
  std::sort(entries.begin(), entries.end());
  std::string out;
  put_varint(out, static_cast<std::uint32_t>(entries.size()));
  std::uint32_t last = 0;
  for (const std::uint32_t e : entries) {
    put_varint(out, (e >> 8U) - last);
    last = e >> 8U;
  }
  for (const std::uint32_t e : entries) out += static_cast<char>(e & 0xffU);
  return out;
}

name_lists name_lists::decoded(std::string_view bytes) {
  name_lists lists;
  std::size_t i = 0;
  const std::uint32_t count = get_varint(bytes, i);
  if (count > slot_count / 2) throw std::runtime_error("the model of names is damaged");
  std::vector<std::uint32_t> keys;
  std::uint32_t last = 0;
  for (std::uint32_t n = 0; n < count; ++n) keys.push_back(last += get_varint(bytes, i));
  if (bytes.size() - i != count) throw std::runtime_error("the model of names is damaged");
  for (const std::uint32_t key : keys)
    lists.put(key & 0xffffffU, static_cast<std::uint8_t>(bytes[i++]));
  return lists;
}

std::vector<std::uint8_t> listed_in(const name_lists& lists,
                                    const std::vector<name_token>& tokens) {
  std::vector<std::uint8_t> out(tokens.size(), 0);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].is_word || tokens[i].is_number) continue;
    std::uint32_t h = tokens[i].word;
    out[i] |= lists.bits_of(h);
    for (std::size_t n = 1; n < longest_phrase && i + n < tokens.size(); ++n) {
      h = joined_hash(h, tokens[i + n].word);
      const std::uint8_t bits = lists.bits_of(h);
      if ((bits & historic) != 0)
        for (std::size_t k = 0; k <= n; ++k) out[i + k] |= historic;
      if ((bits & (town | land | last_name)) == 0) continue;
      out[i] |= in_town;
      for (std::size_t k = 1; k <= n; ++k) out[i + k] |= goes_on;
    }
  }
  return out;
}

}  // namespace agon::pii
