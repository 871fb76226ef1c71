// Makes images of any system anonymous: one format, no metadata, a bounded size.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "services/core/error.hpp"
#include "services/systems/process.hpp"
#include "services/systems/transcoder.hpp"

namespace agon::systems {

// An image is shown with edges of at most this many pixels; larger ones are scaled down.
inline constexpr unsigned largest_edge = 1024;

// The name of ffmpeg's reader for a PNG, JPEG or WebP file, by its first bytes; empty for
// anything else. Left to choose, ffmpeg goes by the file's name as well.
[[nodiscard]] std::string image_reader(const std::filesystem::path& in);

// Decodes the first picture of such a file to RGBA. Of one with edges of at least 128 pixels
// up to three are cut off on each side, as `seed` says.
[[nodiscard]] process_spec image_decoder(const transcoder_options& o,
                                         const std::filesystem::path& in, const std::string& reader,
                                         const std::filesystem::path& folder,
                                         const std::filesystem::path& png, std::uint64_t seed);

struct plain_png {
  std::string bytes;
  unsigned width = 0;
  unsigned height = 0;
};

// The same pixels with no chunk but IHDR, IDAT and IEND. errc::system_failed if it is no PNG.
[[nodiscard]] result<plain_png> only_pixels(std::string_view png);

}  // namespace agon::systems
