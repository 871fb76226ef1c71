// Gives each name a small number, without allocating for a name it knows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace agon::offline {

class name_table {
 public:
  name_table() : slots_(256, none) {}

  // The number of the name, in the order of first sight.
  std::uint32_t number_of(std::string_view name) {
    const std::uint64_t hash = hash_of(name);
    for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      const std::uint32_t number = slots_[at];
      if (number == none) return add(name, hash, at);
      if (hashes_[number] == hash && names_[number] == name) return number;
    }
  }

  [[nodiscard]] std::size_t size() const { return names_.size(); }
  [[nodiscard]] const std::string& name(std::uint32_t number) const { return names_[number]; }

 private:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  static std::uint64_t hash_of(std::string_view name);
  std::uint32_t add(std::string_view name, std::uint64_t hash, std::size_t at);

  std::vector<std::uint32_t> slots_;  // a power of two of them, at most half full
  std::vector<std::uint64_t> hashes_;
  std::vector<std::string> names_;
};

}  // namespace agon::offline
