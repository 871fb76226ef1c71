// Numbers pairs of systems 0, 1, 2, … in the order in which they appear. Inside the library
// only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

namespace agon::ratings {

class pair_index {
 public:
  struct key {
    std::uint32_t low;
    std::uint32_t high;

    bool operator==(const key&) const = default;
    bool operator<(const key& o) const { return high != o.high ? high < o.high : low < o.low; }
  };

  // The number of the pair, given now if it is new. O(1).
  std::uint32_t add(std::uint32_t low, std::uint32_t high) {
    if (places_.size() < 2 * (keys_.size() + 1)) grow();
    std::uint32_t& place = places_[slot_of({low, high})];
    if (place == 0) {
      keys_.push_back({low, high});
      place = static_cast<std::uint32_t>(keys_.size());
    }
    return place - 1;
  }
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint32_t low, std::uint32_t high) const {
    if (keys_.empty()) return std::nullopt;
    const std::uint32_t place = places_[slot_of({low, high})];
    return place == 0 ? std::nullopt : std::optional(place - 1);
  }

  [[nodiscard]] const std::vector<key>& keys() const { return keys_; }
  // The numbers, ordered by high and then low.
  [[nodiscard]] std::vector<std::uint32_t> sorted() const {
    std::vector<std::uint32_t> out(keys_.size());
    std::iota(out.begin(), out.end(), 0U);
    std::sort(out.begin(), out.end(),
              [&](std::uint32_t x, std::uint32_t y) { return keys_[x] < keys_[y]; });
    return out;
  }

 private:
  [[nodiscard]] std::size_t slot_of(key k) const {
    const std::size_t mask = places_.size() - 1;
    const std::uint64_t mixed = ((std::uint64_t{k.high} << 32) | k.low) * 0x9e3779b97f4a7c15U;
    std::size_t slot = static_cast<std::size_t>(mixed >> 32) & mask;
    while (places_[slot] != 0 && keys_[places_[slot] - 1] != k) slot = (slot + 1) & mask;
    return slot;
  }
  void grow() {
    places_.assign(std::max<std::size_t>(64, 2 * places_.size()), 0);
    for (std::size_t i = 0; i < keys_.size(); ++i)
      places_[slot_of(keys_[i])] = static_cast<std::uint32_t>(i + 1);
  }

  std::vector<key> keys_;
  std::vector<std::uint32_t> places_;  // open addressing, a power of two: number + 1, 0 if free
};

}  // namespace agon::ratings
