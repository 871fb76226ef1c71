// Where a reader's bytes come from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "privacy/parquet/error.hpp"

namespace agon::parquet {

class byte_source {
 public:
  virtual ~byte_source() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  // Fills the whole span from `offset`, or fails.
  [[nodiscard]] virtual result<void> read(std::uint64_t offset, std::span<char> into) = 0;
};

// A regular file.
[[nodiscard]] result<std::unique_ptr<byte_source>> open_file(const std::filesystem::path& path);
// Takes the descriptor of a regular file and closes it at the end.
[[nodiscard]] result<std::unique_ptr<byte_source>> take_descriptor(int fd);
[[nodiscard]] std::unique_ptr<byte_source> in_memory(std::string bytes);

}  // namespace agon::parquet
