// Media that came over the network: what it is by its first bytes, and not by what is said
// of it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "services/core/error.hpp"
#include "services/systems/system.hpp"

namespace agon::systems {

struct sniffed {
  modality kind;
  std::string_view media_type;
  std::string_view extension;  // ".png"
};

// WAV, FLAC, MP3, Ogg, AAC, MP4; PNG, JPEG, WebP. Nothing for anything else: so HTML and
// SVG are never taken for an image.
[[nodiscard]] std::optional<sniffed> sniff(std::string_view bytes);

// RFC 4648 section 4, padded or not, also as "data:…;base64,…". Nothing if it is not.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);
[[nodiscard]] std::string to_base64(std::string_view bytes);

// Writes <scratch>/output.<extension> and sets file and media_type. errc::system_failed if it is
// not of that kind, errc::unavailable if it cannot be written.
[[nodiscard]] result<void> keep_received(std::string_view bytes, modality wanted,
                                         const std::filesystem::path& scratch, raw_output& into);

}  // namespace agon::systems
