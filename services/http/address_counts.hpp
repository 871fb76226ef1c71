// How many of something each address has open: nobody may take all of it.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace agon::http {

// One household or host: an IPv4 address, or a network of 64 bits of IPv6, in which anyone
// may choose addresses at will. What is no address stands for itself.
[[nodiscard]] std::string address_group(std::string_view address);

class address_counts {
 public:
  // At most `most` for each; 0: as many as they like.
  explicit address_counts(std::size_t most) : most_(most) {}

  // One of the counted things, as long as it lives.
  class place {
   public:
    place() = default;
    place(place&& other) noexcept { *this = std::move(other); }
    place& operator=(place&& other) noexcept;
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place();
    // False: there was no room.
    [[nodiscard]] bool taken() const { return taken_; }

   private:
    friend class address_counts;
    address_counts* counts_ = nullptr;  // nothing to give back without
    std::string group_;
    bool taken_ = true;
  };

  // Safe from any thread. `address` as it is printed.
  [[nodiscard]] place take(std::string_view address);

 private:
  const std::size_t most_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> open_;
};

}  // namespace agon::http
