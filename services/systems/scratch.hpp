// The folder in which one program works: made for it, and removed with all that it left.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace agon::systems {

class work_folder {
 public:
  // Nothing if it exists already or cannot be made.
  [[nodiscard]] static std::optional<work_folder> make(std::filesystem::path path);
  work_folder(work_folder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  work_folder& operator=(work_folder&&) = delete;
  ~work_folder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit work_folder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// False if it could not be written whole (a full disk).
[[nodiscard]] bool write_file(const std::filesystem::path& file, std::string_view bytes);

// The whole of a regular file that is no symbolic link and has one name; nothing if it is
// another thing, cannot be read, or is larger.
[[nodiscard]] std::optional<std::string> read_file(const std::filesystem::path& file,
                                                   std::uint64_t largest);

// Size of such a file, without reading it.
[[nodiscard]] std::optional<std::uint64_t> plain_file_size(const std::filesystem::path& file);

}  // namespace agon::systems
