// A hidden directory beside the target, renamed into place when it is complete and
// removed if it never is. Internal to privacy/release.
#pragma once

#include <filesystem>

#include "privacy/crypto/random.hpp"
#include "privacy/release/error.hpp"

namespace agon::release {

class staging_directory {
 public:
  // already_sealed if the target exists. Makes the target's parents, and
  // ".<name>.building-<random>" with "data" and "runs" in it, readable by us alone.
  [[nodiscard]] static result<staging_directory> make(const std::filesystem::path& target,
                                                      crypto::random_source& random);
  ~staging_directory();
  staging_directory(staging_directory&& other) noexcept;
  staging_directory& operator=(staging_directory&&) = delete;
  staging_directory(const staging_directory&) = delete;
  staging_directory& operator=(const staging_directory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path runs() const { return path_ / "runs"; }

  // Removes the sorted runs, before the directory is verified.
  [[nodiscard]] result<void> remove_runs();
  // Makes everything durable and renames. Never replaces an existing target, even one
  // that came into being meanwhile.
  [[nodiscard]] result<void> publish();

 private:
  staging_directory(std::filesystem::path target, std::filesystem::path path);

  std::filesystem::path target_;
  std::filesystem::path path_;  // empty once published or moved from
};

}  // namespace agon::release
