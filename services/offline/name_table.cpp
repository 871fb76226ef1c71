#include "services/offline/name_table.hpp"

#include <cstring>

namespace agon::offline {

// Eight bytes at a time, multiplied and folded. A file that is made to collide costs its
// reader time, not correctness, and no more than the most names a board may have.
std::uint64_t name_table::hash_of(std::string_view name) {
  constexpr std::uint64_t factor = 0x9E3779B97F4A7C15U;
  std::uint64_t hash = name.size() * factor;
  const char* at = name.data();
  std::size_t left = name.size();
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * factor;
    hash ^= hash >> 32U;
  };
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    mix(word);
  }
  if (left > 0) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, left);
    mix(word);
  }
  return hash;
}

std::uint32_t name_table::add(std::string_view name, std::uint64_t hash, std::size_t at) {
  const auto number = static_cast<std::uint32_t>(names_.size());
  names_.emplace_back(name);
  hashes_.push_back(hash);
  slots_[at] = number;
  if (names_.size() * 2 <= slots_.size()) return number;
  slots_.assign(slots_.size() * 2, none);
  for (std::uint32_t i = 0; i < names_.size(); ++i) {
    std::size_t to = hashes_[i] & (slots_.size() - 1);
    while (slots_[to] != none) to = (to + 1) & (slots_.size() - 1);
    slots_[to] = i;
  }
  return number;
}

}  // namespace agon::offline
