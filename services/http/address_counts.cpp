#include "services/http/address_counts.hpp"

#include <algorithm>
#include <utility>

namespace agon::http {

std::string address_group(std::string_view address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(std::string(address), error);
  if (error || !parsed.is_v6()) return std::string(address);
  auto bytes = parsed.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return boost::asio::ip::address_v6(bytes).to_string();
}

address_counts::place& address_counts::place::operator=(place&& other) noexcept {
  std::swap(counts_, other.counts_);
  std::swap(group_, other.group_);
  std::swap(taken_, other.taken_);
  return *this;
}

address_counts::place::~place() {
  if (counts_ == nullptr) return;
  const std::lock_guard lock(counts_->mutex_);
  const auto found = counts_->open_.find(group_);
  if (--found->second == 0) counts_->open_.erase(found);
}

address_counts::place address_counts::take(std::string_view address) {
  place out;
  if (most_ == 0) return out;
  std::string group = address_group(address);
  const std::lock_guard lock(mutex_);
  std::size_t& count = open_[group];
  if (count >= most_) {
    out.taken_ = false;
    return out;
  }
  ++count;
  out.counts_ = this;
  out.group_ = std::move(group);
  return out;
}

}  // namespace agon::http
