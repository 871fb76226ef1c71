#include "services/systems/image.hpp"

#include <array>
#include <fstream>

#include "services/systems/received.hpp"

namespace agon::systems {
namespace {

constexpr std::string_view png_signature{"\x89PNG\r\n\x1a\n", 8};
constexpr std::size_t chunk_overhead = 12;  // length, type and check sum
// 8,000 × 8,000: a decoder that would need more memory than that is not started.
constexpr const char* most_pixels = "64000000";
// Of each edge, at random: so that the same picture comes neither in the same bytes nor in
// the same size twice.
constexpr std::uint64_t most_trimmed = 3;

std::uint32_t big_endian(std::string_view b, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = (out << 8U) | static_cast<unsigned char>(b[at + i]);
  return out;
}

error no_image() {
  return fail(errc::system_failed, "The system's image cannot be decoded.");
}

}  // namespace

std::string image_reader(const std::filesystem::path& in) {
  std::array<char, 12> head{};
  std::ifstream file(in, std::ios::binary);
  file.read(head.data(), head.size());
  const auto seen = sniff({head.data(), static_cast<std::size_t>(file.gcount())});
  if (!seen || seen->kind != modality::image) return {};
  return std::string(seen->media_type.substr(std::string_view("image/").size())) + "_pipe";
}

process_spec image_decoder(const transcoder_options& o, const std::filesystem::path& in,
                           const std::string& reader, const std::filesystem::path& folder,
                           const std::filesystem::path& png, std::uint64_t seed) {
  const std::string edge = std::to_string(largest_edge);
  const auto trimmed = [&seed] {
    const std::uint64_t pixels = seed % (most_trimmed + 1);
    seed /= most_trimmed + 1;
    return std::to_string(pixels);
  };
  const std::string left = trimmed(), right = trimmed(), top = trimmed(), bottom = trimmed();
  // Icons and pixel art stay as they are.
  const std::string large = "*gte(iw,128)*gte(ih,128)";
  const std::string crop = "crop='iw-(" + left + "+" + right + ")" + large + "':'ih-(" + top + "+" +
                           bottom + ")" + large + "':'" + left + large + "':'" + top + large +
                           "':exact=1";
  process_spec p;
  p.argv = {"ffmpeg",
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            "-nostats",
            "-threads",
            "1",
            "-protocol_whitelist",
            "file",
            "-format_whitelist",
            reader,
            "-f",
            reader,
            "-max_pixels",
            most_pixels,
            "-i",
            "file:" + in.string(),
            "-map",
            "0:v:0",
            "-frames:v",
            "1",
            "-vf",
            "scale='min(iw," + edge + ")':'min(ih," + edge +
                ")':force_original_aspect_ratio=decrease," + crop,
            "-pix_fmt",
            "rgba",
            "-map_metadata",
            "-1",
            "-flags:v",
            "+bitexact",
            "-c:v",
            "png",
            "-f",
            "image2",
            "-update",
            "1",
            "-y",
            "file:" + png.string()};
  p.environment = {"PATH=" + std::string(standard_path), "LANG=C.UTF-8"};
  p.folder = folder;
  p.timeout = o.timeout;
  p.cpu = std::chrono::ceil<std::chrono::seconds>(o.timeout);
  p.memory_bytes = 1024UL * 1024 * 1024;
  p.file_bytes = 2UL * largest_edge * largest_edge * 4;  // more than any PNG of that size
  return p;
}

result<plain_png> only_pixels(std::string_view png) {
  if (!png.starts_with(png_signature)) return no_image();
  plain_png out;
  out.bytes = png_signature;
  for (std::size_t at = png_signature.size(); at + chunk_overhead <= png.size();) {
    const std::size_t length = big_endian(png, at);
    if (length > png.size() - at - chunk_overhead) return no_image();
    const std::string_view type = png.substr(at + 4, 4);
    if (type == "IHDR" && length == 13) {
      out.width = big_endian(png, at + 8);
      out.height = big_endian(png, at + 12);
    }
    if (type == "IHDR" || type == "IDAT" || type == "IEND")
      out.bytes += png.substr(at, length + chunk_overhead);
    if (type == "IEND") {
      if (out.width == 0 || out.height == 0) return no_image();
      return out;
    }
    at += length + chunk_overhead;
  }
  return no_image();
}

}  // namespace agon::systems
