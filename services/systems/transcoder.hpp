// Makes outputs of any system anonymous. Audio: one codec, rate, channel count and loudness,
// much the same silence around it, no metadata, and a size that depends on its duration alone;
// the same sound never has the same bytes twice (normalise.hpp).
// Images: PNG with nothing but pixels, RGBA, edges of at most 1024.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"

namespace agon::systems {

struct media {
  std::filesystem::path file;
  std::string media_type;  // "audio/wav": 24 kHz, mono, 16 bit; "image/png"
  double seconds = 0;
  double loudness_lufs = 0;  // integrated loudness (ITU-R BS.1770-4) as written
  std::string sha256;        // of the file, lower-case hexadecimal
  std::uint64_t bytes = 0;
  std::vector<std::uint8_t> peaks;  // 200 columns of a waveform, 255 the loudest
  unsigned width = 0;               // of an image, in pixels
  unsigned height = 0;
};

struct transcoder_options {
  std::chrono::milliseconds max_length{60'000};
  std::uint64_t max_input_bytes = 64UL * 1024 * 1024;
  std::chrono::milliseconds timeout{20'000};
  unsigned concurrency = 2;  // decoders at a time
  unsigned queue = 64;       // callers that may wait for one
};

class transcoder {
 public:
  virtual ~transcoder() = default;

  // Writes <out_dir>/<random_name>.wav, whole or not at all; the name is the caller's
  // ([A-Za-z0-9_-], 1 to 128). Failures:
  //   errc::system_failed  not audio, shorter than 0.2 s, silent, too long or too large
  //   errc::timeout, errc::overloaded, errc::unavailable  as at system::generate()
  //   errc::invalid_input  the name
  // Never throws; cancellation as at system::generate(). Safe to call from any thread.
  [[nodiscard]] virtual awaitable<result<media>> audio(std::filesystem::path in,
                                                       std::filesystem::path out_dir,
                                                       std::string random_name) = 0;
  // Writes <out_dir>/<random_name>.png likewise. errc::system_failed for what is no PNG, JPEG or
  // WebP that can be decoded (HTML and SVG never are), or has more than 64 million pixels.
  // Colour profiles are dropped with the rest of the metadata.
  [[nodiscard]] virtual awaitable<result<media>> image(std::filesystem::path in,
                                                       std::filesystem::path out_dir,
                                                       std::string random_name) = 0;
};

// Awaits on `io`; measures and writes on `work`, a pool of threads that may be kept busy
// for some milliseconds. Needs the program ffmpeg on the PATH.
[[nodiscard]] std::unique_ptr<transcoder> make_transcoder(const boost::asio::any_io_executor& io,
                                                          boost::asio::any_io_executor work,
                                                          transcoder_options options = {});

}  // namespace agon::systems
