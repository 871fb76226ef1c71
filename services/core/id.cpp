#include "services/core/id.hpp"

namespace agon {
namespace {

constexpr std::uint32_t counter_limit = 1U << 12U;

constexpr std::size_t text_length = 36;

// Where the text of an id has its dashes. Written out by hand: ids are read and printed
// a dozen times for each vote.
constexpr bool is_dash(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

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
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(text_length, '-');
  std::size_t at = 0;
  for (const std::uint8_t byte : id.bytes) {
    if (is_dash(at)) ++at;
    out[at++] = digits[byte >> 4U];
    out[at++] = digits[byte & 0x0fU];
  }
  return out;
}

std::optional<uuid> parse_uuid(std::string_view text) {
  if (text.size() != text_length) return std::nullopt;
  uuid id;
  std::size_t at = 0;
  for (std::uint8_t& byte : id.bytes) {
    if (is_dash(at) && text[at++] != '-') return std::nullopt;
    const int high = hex_value(text[at++]);
    const int low = hex_value(text[at++]);
    if (high < 0 || low < 0) return std::nullopt;
    byte = static_cast<std::uint8_t>(high * 16 + low);
  }
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
