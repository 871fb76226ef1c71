// Bounds what one person can move, without which no noise protects anybody.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace agon::dp {

class contribution_bound {
 public:
  // std::invalid_argument if `most` is 0.
  explicit contribution_bound(std::uint32_t most);

  // True for a person's first `most` records. Which come first must not depend on what
  // they hold: give records in the order of their random ids.
  [[nodiscard]] bool take(std::string_view person);

  [[nodiscard]] std::uint32_t most() const { return most_; }

 private:
  std::uint32_t most_;
  std::unordered_map<std::string, std::uint32_t> taken_;
};

}  // namespace agon::dp
