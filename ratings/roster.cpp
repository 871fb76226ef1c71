#include "ratings/roster.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"

namespace agon::ratings {

system_index roster::add(std::string_view name) {
  if (const auto known = index_.find(name); known != index_.end()) return known->second;
  if (name.empty()) throw std::invalid_argument("ratings: a system without a name");
  if (names_.size() == capacity) throw std::length_error("ratings: more than 8192 systems");
  std::string quoted = crypto::canonical_json(nlohmann::json(std::string(name)));
  const auto index = static_cast<system_index>(names_.size());
  names_.emplace_back(name);
  quoted_.push_back(std::move(quoted));
  index_.emplace(name, index);
  return index;
}

std::optional<system_index> roster::find(std::string_view name) const {
  const auto known = index_.find(name);
  if (known == index_.end()) return std::nullopt;
  return known->second;
}

std::vector<system_index> roster::sorted() const {
  std::vector<system_index> order(names_.size());
  std::iota(order.begin(), order.end(), system_index{0});
  std::sort(order.begin(), order.end(),
            [&](system_index x, system_index y) { return names_[x] < names_[y]; });
  return order;
}

}  // namespace agon::ratings
