// Where outputs' files are kept. Implemented in services/store/media.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "services/core/error.hpp"

namespace agon::arena {

struct stored_media {
  std::filesystem::path path;
  std::string type;
};

class media_store {
 public:
  virtual ~media_store() = default;

  // Keeps a file under its stem, which must be 32 hexadecimal digits made at random, and
  // gives back the name under which it is found. Durable when it returns. Moves or copies
  // `file`. Blocks on the disk: not from an io thread. errc::unavailable if the disk refuses.
  [[nodiscard]] virtual result<std::string> put(const std::filesystem::path& file,
                                                std::string_view type) = 0;
  // Removes a file for good; true when it is gone, or never was. Blocks on the disk.
  [[nodiscard]] virtual bool remove(std::string_view name) = 0;
  // Nothing for a name that is not ours, however hostile. Does not block for long.
  [[nodiscard]] virtual std::optional<stored_media> find(std::string_view name) const = 0;
  // False once so little space is left that what else lives on the disk would suffer, the
  // database above all: then no new outputs are to be made. Does not block for long.
  [[nodiscard]] virtual bool has_room() const = 0;
};

}  // namespace agon::arena
