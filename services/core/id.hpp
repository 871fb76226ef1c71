// Identifiers: UUIDs of version 7 (RFC 9562), one C++ type per kind of thing, so
// that a battle's id cannot be passed for a participant's.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "privacy/crypto/random.hpp"
#include "services/core/clock.hpp"

namespace agon {

struct uuid {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const uuid&) const = default;
};

// Lower-case 8-4-4-4-12 form.
[[nodiscard]] std::string to_string(const uuid& id);
// Nothing unless the text is exactly of the 8-4-4-4-12 form, of either case.
[[nodiscard]] std::optional<uuid> parse_uuid(std::string_view text);
// The millisecond in which a UUIDv7 was made.
[[nodiscard]] time_point time_of(const uuid& id);
// The smallest UUIDv7 of a moment: the lower bound of a month's partition.
[[nodiscard]] uuid first_uuid_of(time_point t);

template <class Tag>
struct id {
  uuid value{};
  auto operator<=>(const id&) const = default;
};

template <class Tag>
[[nodiscard]] std::string to_string(const id<Tag>& i) {
  return to_string(i.value);
}

using battle_id = id<struct battle_tag>;
using participant_id = id<struct participant_tag>;
using output_id = id<struct output_tag>;

// Makes UUIDv7 values that only grow within one source (RFC 9562, section 6.2,
// method 1: a 12-bit counter in rand_a). Safe to call from any thread.
class id_source {
 public:
  id_source(clock_source& clock, crypto::random_source& random) : clock_(clock), random_(random) {}

  [[nodiscard]] uuid next();
  template <class Id>
  [[nodiscard]] Id make() {
    return Id{next()};
  }

 private:
  clock_source& clock_;
  crypto::random_source& random_;
  std::mutex mutex_;
  std::uint64_t last_millisecond_ = 0;
  std::uint32_t counter_ = 0;
};

}  // namespace agon

template <>
struct std::hash<agon::uuid> {
  std::size_t operator()(const agon::uuid& id) const noexcept {
    std::size_t h = 0;
    std::memcpy(&h, id.bytes.data() + 8, sizeof h);  // the random half
    return h;
  }
};

template <class Tag>
struct std::hash<agon::id<Tag>> {
  std::size_t operator()(const agon::id<Tag>& id) const noexcept {
    return std::hash<agon::uuid>{}(id.value);
  }
};
