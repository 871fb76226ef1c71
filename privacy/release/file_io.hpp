// Files written so that an error is never lost: each write is checked, and close()
// returns only when the bytes are on the disk. Internal to privacy/release.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "privacy/crypto/hash.hpp"
#include "privacy/release/error.hpp"

namespace agon::release {

// One sentence with the system's reason: "cannot write votes-00000.jsonl.zst: No space
// left on device".
[[nodiscard]] release_error storage_error(std::string_view what, const std::filesystem::path& path,
                                          int error_number);

class unique_fd {
 public:
  unique_fd() = default;
  explicit unique_fd(int fd) : fd_(fd) {}
  ~unique_fd();
  unique_fd(unique_fd&& other) noexcept;
  unique_fd& operator=(unique_fd&& other) noexcept;
  unique_fd(const unique_fd&) = delete;
  unique_fd& operator=(const unique_fd&) = delete;

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  // Gives the descriptor away.
  [[nodiscard]] int release();

 private:
  int fd_ = -1;
};

// A new file; hashes what it writes.
class output_file {
 public:
  // Fails if the file exists.
  [[nodiscard]] static result<output_file> create(const std::filesystem::path& path);

  [[nodiscard]] result<void> write(std::string_view bytes);
  // Writes what is buffered, and syncs.
  [[nodiscard]] result<void> close();

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  // After close(), once.
  [[nodiscard]] std::string sha256_hex();

 private:
  output_file(std::filesystem::path path, unique_fd fd);
  [[nodiscard]] result<void> flush();

  std::filesystem::path path_;
  unique_fd fd_;
  std::string buffer_;
  crypto::sha256_stream hash_;
  std::uint64_t bytes_ = 0;
};

// Makes the names in a directory durable.
[[nodiscard]] result<void> sync_directory(const std::filesystem::path& path);

}  // namespace agon::release
