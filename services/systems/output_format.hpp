// What a command promises to write, and whether it did.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "services/systems/command.hpp"

namespace agon::systems {

[[nodiscard]] std::string_view media_type_of(output_format format);
[[nodiscard]] std::string_view extension_of(output_format format);

// True if the file begins as such a file does. Whether the rest can be decoded is the
// transcoder's business.
[[nodiscard]] bool begins_as(output_format format, const std::filesystem::path& file);

}  // namespace agon::systems
