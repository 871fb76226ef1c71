#include "services/systems/received.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "services/systems/scratch.hpp"

namespace agon::systems {
namespace {

bool is_mpeg_frame(std::string_view b) {
  if (b.size() < 3) return false;
  const auto second = static_cast<unsigned char>(b[1]);
  const auto third = static_cast<unsigned char>(b[2]);
  const bool sync = static_cast<unsigned char>(b[0]) == 0xff && (second & 0xe0U) == 0xe0;
  // Layer, bitrate and sampling rate have values that are reserved.
  return sync && (second & 0x06U) != 0 && (third & 0xf0U) != 0xf0 && (third & 0x0cU) != 0x0c;
}

bool is_adts_frame(std::string_view b) {
  return b.size() >= 2 && static_cast<unsigned char>(b[0]) == 0xff &&
         (static_cast<unsigned char>(b[1]) & 0xf6U) == 0xf0;
}

bool is_in_alphabet(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

}  // namespace

std::optional<sniffed> sniff(std::string_view b) {
  const auto at = [&](std::size_t offset, std::string_view magic) {
    return b.size() >= offset + magic.size() && b.substr(offset, magic.size()) == magic;
  };
  if (at(0, "RIFF") && at(8, "WAVE")) return sniffed{modality::audio, "audio/wav", ".wav"};
  if (at(0, "fLaC")) return sniffed{modality::audio, "audio/flac", ".flac"};
  if (at(0, "OggS")) return sniffed{modality::audio, "audio/ogg", ".ogg"};
  if (at(4, "ftyp")) return sniffed{modality::audio, "audio/mp4", ".m4a"};
  if (at(0, "\x89PNG\r\n\x1a\n")) return sniffed{modality::image, "image/png", ".png"};
  if (at(0, "\xff\xd8\xff")) return sniffed{modality::image, "image/jpeg", ".jpg"};
  if (at(0, "RIFF") && at(8, "WEBP")) return sniffed{modality::image, "image/webp", ".webp"};
  if (is_adts_frame(b)) return sniffed{modality::audio, "audio/aac", ".aac"};
  if (at(0, "ID3") || is_mpeg_frame(b)) return sniffed{modality::audio, "audio/mpeg", ".mp3"};
  return std::nullopt;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.starts_with("data:")) {
    const std::size_t comma = text.find(";base64,");
    if (comma > 200) return std::nullopt;  // npos too
    text.remove_prefix(comma + 8);
  }
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 1 || !std::all_of(text.begin(), text.end(), is_in_alphabet))
    return std::nullopt;
  std::string padded(text);
  padded.append((4 - text.size() % 4) % 4, '=');
  std::string out(padded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(padded.data()),
                                   static_cast<int>(padded.size()));
  if (size < 0) return std::nullopt;
  out.resize(text.size() * 3 / 4);
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

result<void> keep_received(std::string_view bytes, modality wanted,
                           const std::filesystem::path& scratch, raw_output& into) {
  const auto is = sniff(bytes);
  if (!is || is->kind != wanted) {
    return fail(errc::system_failed, "The system sent something unexpected.");
  }
  const auto file = scratch / ("output" + std::string(is->extension));
  if (!write_file(file, bytes)) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return fail(errc::unavailable, "The server has no room for the output.");
  }
  into.file = file;
  into.media_type = is->media_type;
  return {};
}

}  // namespace agon::systems
