#include "services/store/media/folder_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "services/core/log.hpp"

namespace agon::store {
namespace {

namespace fs = std::filesystem;

struct known_type {
  std::string_view type;
  std::string_view extension;
};
constexpr known_type known_types[] = {
    {"audio/wav", ".wav"}, {"audio/flac", ".flac"}, {"image/png", ".png"}};

bool is_name(std::string_view name) {
  return name.size() == 32 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// Makes a file or folder durable.
bool sync(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool good = ::fsync(fd) == 0;
  ::close(fd);
  return good;
}

class folder_media_store final : public arena::media_store {
 public:
  folder_media_store(fs::path root, std::uint64_t reserve)
      : root_(std::move(root)), reserve_(reserve) {
    std::error_code failed;
    fs::create_directories(root_, failed);
    if (failed || ::access(root_.c_str(), W_OK | X_OK) != 0)
      throw std::runtime_error("The media folder " + root_.string() + " cannot be written to.");
  }

  result<std::string> put(const fs::path& file, std::string_view type) override {
    const std::string name = file.stem().string();
    const auto* known = std::find_if(std::begin(known_types), std::end(known_types),
                                     [&](const known_type& k) { return k.type == type; });
    if (!is_name(name) || known == std::end(known_types))
      return fail(errc::internal, "A media file has no proper name or type.");
    const fs::path target = place(name, known->extension);
    std::error_code failed;
    fs::create_directories(target.parent_path(), failed);
    // The work folder may lie on another disk, so copy beside the target and rename.
    const fs::path beside = target.string() + ".part";
    if (!failed) fs::copy_file(file, beside, fs::copy_options::overwrite_existing, failed);
    if (!failed && !sync(beside)) failed = std::make_error_code(std::errc::io_error);
    if (!failed) fs::rename(beside, target, failed);
    if (!failed && !sync(target.parent_path())) failed = std::make_error_code(std::errc::io_error);
    if (!failed) return name;
    std::error_code ignored;
    fs::remove(beside, ignored);
    log::error("media_not_kept", {{"reason", failed.message()}});
    return fail(errc::unavailable, "The output could not be kept. Try again in a moment.");
  }

  // Durable: an erased file must not come back with the folder's old entries.
  bool remove(std::string_view name) override {
    if (!is_name(name)) return false;
    bool gone = true;
    for (const known_type& k : known_types) {
      const fs::path path = place(std::string(name), k.extension);
      std::error_code failed;
      const bool was_there = fs::remove(path, failed);
      if (failed && failed != std::errc::no_such_file_or_directory &&
          failed != std::errc::not_a_directory)
        gone = false;
      if (was_there && !sync(path.parent_path())) gone = false;
    }
    return gone;
  }

  [[nodiscard]] std::optional<arena::stored_media> find(std::string_view name) const override {
    if (!is_name(name)) return std::nullopt;
    for (const known_type& k : known_types) {
      fs::path path = place(std::string(name), k.extension);
      std::error_code failed;
      if (fs::is_regular_file(path, failed))
        return arena::stored_media{std::move(path), std::string(k.type)};
    }
    return std::nullopt;
  }

  [[nodiscard]] bool has_room() const override {
    std::error_code failed;
    const fs::space_info disk = fs::space(root_, failed);
    return failed || disk.available >= reserve_;  // if nobody knows, put() will tell
  }

 private:
  [[nodiscard]] fs::path place(const std::string& name, std::string_view extension) const {
    return root_ / name.substr(0, 2) / name.substr(2, 2) / (name + std::string(extension));
  }

  fs::path root_;
  std::uint64_t reserve_;
};

}  // namespace

std::unique_ptr<arena::media_store> make_folder_media_store(fs::path root, std::uint64_t reserve) {
  return std::make_unique<folder_media_store>(std::move(root), reserve);
}

}  // namespace agon::store
