// What kind of thing an output is.
#pragma once

#include <string_view>

namespace agon::systems {

enum class modality { audio, text, image };

// "audio", "text", "image".
[[nodiscard]] std::string_view name_of(modality m);

}  // namespace agon::systems
