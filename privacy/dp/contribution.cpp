#include "privacy/dp/contribution.hpp"

#include <stdexcept>

namespace agon::dp {

contribution_bound::contribution_bound(std::uint32_t most) : most_(most) {
  if (most == 0) throw std::invalid_argument("a person contributes at least one record");
}

bool contribution_bound::take(std::string_view person) {
  std::uint32_t& taken = taken_[std::string(person)];
  if (taken == most_) return false;
  ++taken;
  return true;
}

}  // namespace agon::dp
