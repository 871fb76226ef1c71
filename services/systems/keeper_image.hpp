// The keeper's program, as bytes inside this binary.
#pragma once

#include <string_view>

namespace agon::systems {

[[nodiscard]] std::string_view keeper_image();

}  // namespace agon::systems
