#include "privacy/release/signature.hpp"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "privacy/release/file_io.hpp"
#include "privacy/release/manifest.hpp"

namespace agon::release {
namespace {

result<std::string> whole_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return storage_error("read", path, EIO);
  return std::move(text).str();
}

result<void> write_signature(const std::filesystem::path& path, const std::string& text) {
  std::error_code e;
  std::filesystem::remove(path, e);
  auto file = output_file::create(path);
  if (!file) return file.error();
  if (auto written = file->write(text); !written) return written;
  return file->close();
}

}  // namespace

result<void> sign_release(const std::filesystem::path& directory,
                          const crypto::minisign_secret_key& key) {
  const auto text = whole_file(directory / "manifest.json");
  if (!text) return text.error();
  const auto m = parse_manifest(*text);
  if (!m) return m.error();
  const std::string what = "arena:" + m->arena + " partition:" + m->partition +
                           " revision:" + std::to_string(m->revision()) +
                           " created:" + m->created_day;
  for (const std::string_view name : signed_files) {
    const auto bytes = whole_file(directory / name);
    if (!bytes) return bytes.error();
    const std::string signature = key.sign(*bytes, what + " file:" + std::string(name));
    const auto path = directory / std::string(name).append(signature_ending);
    if (auto written = write_signature(path, signature); !written) return written;
  }
  return sync_directory(directory);
}

}  // namespace agon::release
