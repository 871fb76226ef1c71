#include "services/systems/output_format.hpp"

#include <array>
#include <fstream>

namespace agon::systems {

std::optional<output_format> parse_output_format(std::string_view name) {
  if (name == "wav") return output_format::wav;
  if (name == "flac") return output_format::flac;
  if (name == "mp3") return output_format::mp3;
  if (name == "ogg") return output_format::ogg;
  if (name == "png") return output_format::png;
  if (name == "jpeg") return output_format::jpeg;
  if (name == "webp") return output_format::webp;
  if (name == "text") return output_format::text;
  return std::nullopt;
}

std::string_view media_type_of(output_format format) {
  switch (format) {
    case output_format::wav:
      return "audio/wav";
    case output_format::flac:
      return "audio/flac";
    case output_format::mp3:
      return "audio/mpeg";
    case output_format::ogg:
      return "audio/ogg";
    case output_format::png:
      return "image/png";
    case output_format::jpeg:
      return "image/jpeg";
    case output_format::webp:
      return "image/webp";
    case output_format::text:
      return "text/plain";
  }
  return "application/octet-stream";
}

std::string_view extension_of(output_format format) {
  switch (format) {
    case output_format::wav:
      return ".wav";
    case output_format::flac:
      return ".flac";
    case output_format::mp3:
      return ".mp3";
    case output_format::ogg:
      return ".ogg";
    case output_format::png:
      return ".png";
    case output_format::jpeg:
      return ".jpg";
    case output_format::webp:
      return ".webp";
    case output_format::text:
      return ".txt";
  }
  return ".bin";
}

bool begins_as(output_format format, const std::filesystem::path& file) {
  std::array<char, 12> head{};
  std::ifstream in(file, std::ios::binary);
  in.read(head.data(), head.size());
  const std::string_view seen(head.data(), static_cast<std::size_t>(in.gcount()));
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(seen[i]); };
  switch (format) {
    case output_format::wav:
      return seen.size() == 12 && seen.starts_with("RIFF") && seen.substr(8) == "WAVE";
    case output_format::flac:
      return seen.starts_with("fLaC");
    case output_format::mp3:
      return seen.starts_with("ID3") ||
             (seen.size() >= 2 && byte(0) == 0xFF && (byte(1) & 0xE0U) == 0xE0U);
    case output_format::ogg:
      return seen.starts_with("OggS");
    case output_format::png:
      return seen.starts_with("\x89PNG\r\n\x1a\n");
    case output_format::jpeg:
      return seen.starts_with("\xff\xd8\xff");
    case output_format::webp:
      return seen.size() == 12 && seen.starts_with("RIFF") && seen.substr(8) == "WEBP";
    case output_format::text:
      return !seen.empty();
  }
  return false;
}

}  // namespace agon::systems
