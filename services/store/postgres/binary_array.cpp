#include "services/store/postgres/binary_array.hpp"

namespace agon::store {
namespace {

// Network byte order.
void append_number(std::string& out, std::uint64_t number, unsigned size) {
  for (unsigned i = size; i-- > 0;) out += static_cast<char>(number >> (8U * i));
}

constexpr std::uint64_t null_length = 0xffff'ffff;
constexpr std::chrono::sys_days first_day = std::chrono::year{2000} / 1 / 1;

}  // namespace

void binary_array::add_number(std::uint64_t number, unsigned size) {
  ++count_;
  append_number(elements_, size, 4);
  append_number(elements_, number, size);
}

void binary_array::add(std::string_view bytes) {
  ++count_;
  append_number(elements_, bytes.size(), 4);
  elements_ += bytes;
}

void binary_array::add(std::int16_t number) {
  add_number(static_cast<std::uint16_t>(number), 2);
}

void binary_array::add(std::int32_t number) {
  add_number(static_cast<std::uint32_t>(number), 4);
}

void binary_array::add(time_point t) {
  add_number(static_cast<std::uint64_t>((t - first_day).count()), 8);
}

void binary_array::add(const uuid& id) {
  add(std::string_view(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()));
}

void binary_array::add_null() {
  ++count_;
  has_null_ = true;
  append_number(elements_, null_length, 4);
}

std::string binary_array::bytes() const {
  std::string out;
  out.reserve(20 + elements_.size());
  append_number(out, count_ > 0 ? 1 : 0, 4);  // dimensions
  append_number(out, has_null_ ? 1 : 0, 4);
  append_number(out, static_cast<std::uint32_t>(type_), 4);
  if (count_ == 0) return out;
  append_number(out, count_, 4);
  append_number(out, 1, 4);  // the first index
  return out += elements_;
}

}  // namespace agon::store
