// Names of systems and their dense indices 0, 1, 2, … in the order of registration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace agon::ratings {

using system_index = std::uint32_t;

class roster {
 public:
  // A fit keeps two matrices of capacity² doubles: 1 GiB. A vote_log keeps an index in 16 bits.
  static constexpr std::size_t capacity = 8192;

  // The index of the name, registered now if it is new. Throws std::invalid_argument
  // if it is empty or not UTF-8, std::length_error if the roster is full.
  system_index add(std::string_view name);

  [[nodiscard]] std::optional<system_index> find(std::string_view name) const;
  [[nodiscard]] const std::string& name(system_index i) const { return names_.at(i); }
  // The name as a JSON string, quotes included, as RFC 8785 writes it.
  [[nodiscard]] const std::string& quoted(system_index i) const { return quoted_.at(i); }
  [[nodiscard]] std::size_t size() const { return names_.size(); }

  // All indices, ordered by the bytes of their names.
  [[nodiscard]] std::vector<system_index> sorted() const;

 private:
  struct name_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };

  std::vector<std::string> names_;
  std::vector<std::string> quoted_;
  std::unordered_map<std::string, system_index, name_hash, std::equal_to<>> index_;
};

}  // namespace agon::ratings
