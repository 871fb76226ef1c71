// A model of names is read, or refused with std::runtime_error.
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "privacy/pii/names_model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    (void)agon::pii::name_lists::decoded(bytes);
  } catch (const std::runtime_error&) {
  }
  try {
    (void)agon::pii::names_model::decoded(bytes);
  } catch (const std::runtime_error&) {
  }
  return 0;
}
