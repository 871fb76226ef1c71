#include "services/core/id.hpp"

#include "privacy/crypto/encoding.hpp"

namespace agon {
namespace {

constexpr std::uint32_t counter_limit = 1U << 12U;

void put_milliseconds(uuid& id, std::uint64_t milliseconds) {
  for (unsigned i = 0; i < 6; ++i)
    id.bytes[i] = static_cast<std::uint8_t>(milliseconds >> (40U - 8U * i));
}

std::uint64_t milliseconds_of(time_point t) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(t.time_since_epoch()).count();
  return since < 0 ? 0 : static_cast<std::uint64_t>(since);
}

}  // namespace

std::string to_string(const uuid& id) {
  const std::string hex =
      crypto::to_hex({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

std::optional<uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string hex;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return std::nullopt;
    if (!dash) hex += text[i];
  }
  const auto bytes = crypto::from_hex(hex);
  if (!bytes) return std::nullopt;
  uuid id;
  std::memcpy(id.bytes.data(), bytes->data(), id.bytes.size());
  return id;
}

time_point time_of(const uuid& id) {
  std::uint64_t milliseconds = 0;
  for (unsigned i = 0; i < 6; ++i) milliseconds = (milliseconds << 8U) | id.bytes[i];
  return time_point{std::chrono::milliseconds{static_cast<std::int64_t>(milliseconds)}};
}

uuid first_uuid_of(time_point t) {
  uuid id;
  put_milliseconds(id, milliseconds_of(t));
  return id;
}

uuid id_source::next() {
  uuid id;
  random_.fill({id.bytes.data() + 8, 8});
  const std::uint64_t now = milliseconds_of(clock_.now());
  {
    const std::lock_guard lock(mutex_);
    if (now > last_millisecond_) {
      last_millisecond_ = now;
      counter_ = id.bytes[8];  // starts anywhere in the lower 256, so that ids do not tell a rate
    } else if (++counter_ >= counter_limit) {
      ++last_millisecond_;  // borrow from the future rather than repeat
      counter_ = 0;
    }
    put_milliseconds(id, last_millisecond_);
    id.bytes[6] = static_cast<std::uint8_t>(0x70U | (counter_ >> 8U));
    id.bytes[7] = static_cast<std::uint8_t>(counter_ & 0xffU);
  }
  random_.fill({id.bytes.data() + 8, 1});
  id.bytes[8] = static_cast<std::uint8_t>(0x80U | (id.bytes[8] & 0x3fU));
  return id;
}

}  // namespace agon
