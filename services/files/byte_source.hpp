// Where the bytes of a file come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "services/files/error.hpp"

namespace agon::files {

class byte_source {
 public:
  virtual ~byte_source() = default;
  // Fills the span from its front; fewer bytes than it holds mean that the source has
  // ended. Refused: what the system cannot read.
  [[nodiscard]] virtual checked<std::size_t> read(std::span<char> into) = 0;
  // Bytes in all, where that is known beforehand.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;
};

// A file or pipe by its path; "-" is standard input. Refused: what cannot be opened, and
// a folder.
[[nodiscard]] checked<std::unique_ptr<byte_source>> open_bytes(const std::string& path);

// The bytes of a text that outlives the source.
[[nodiscard]] std::unique_ptr<byte_source> bytes_of_text(std::string_view text);

}  // namespace agon::files
