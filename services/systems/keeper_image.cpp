#include "services/systems/keeper_image.hpp"

#include <cstddef>

// AGON_KEEPER_FILE is the path of the built keeper (CMakeLists.txt).
__asm__(
    ".section .rodata\n"
    ".global agon_keeper_begin\n"
    ".global agon_keeper_end\n"
    "agon_keeper_begin:\n"
    ".incbin \"" AGON_KEEPER_FILE
    "\"\n"
    "agon_keeper_end:\n"
    ".previous\n");

extern "C" {
extern const char agon_keeper_begin[];
extern const char agon_keeper_end[];
}

namespace agon::systems {

std::string_view keeper_image() {
  return {agon_keeper_begin, static_cast<std::size_t>(agon_keeper_end - agon_keeper_begin)};
}

}  // namespace agon::systems
