// The files of a release directory that is not trusted. Internal to privacy/release.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "privacy/release/file_io.hpp"
#include "privacy/release/verify.hpp"

namespace agon::release {

class release_folder {
 public:
  // Looks at names and kinds only. check_failed if anything is there that no release
  // has: symbolic links, devices, other folders, other names, too many or too large files.
  [[nodiscard]] static result<release_folder> open(const std::filesystem::path& directory,
                                                   const verify_limits& limits);

  // Paths ("data/votes-00000.jsonl.zst") and sizes in bytes.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& files() const { return files_; }
  [[nodiscard]] bool has(std::string_view path) const {
    return files_.count(std::string(path)) != 0;
  }

  // Opens one of files(), following no link.
  [[nodiscard]] result<unique_fd> open_file(const std::string& path) const;
  // The whole of a small file; check_failed if it is longer than the limit.
  [[nodiscard]] result<std::string> read_text(const std::string& path, std::size_t limit) const;
  // SHA-256 in hexadecimal.
  [[nodiscard]] result<std::string> hash(const std::string& path) const;

 private:
  release_folder(unique_fd root, unique_fd data);
  [[nodiscard]] result<void> list(int fd, const std::string& prefix, const verify_limits& limits);

  unique_fd root_, data_;
  std::map<std::string, std::uint64_t> files_;
};

}  // namespace agon::release
