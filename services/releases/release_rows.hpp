// Between the store's battles and the release's rows.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "privacy/release/builder.hpp"
#include "services/releases/release_store.hpp"

namespace agon::releases {

// Counts one battle's vote, and adds it with its outputs and comments as far as its participant
// agreed to their publication. The first refusal ends it.
[[nodiscard]] std::optional<release::release_error> add_battle(
    release::release_builder& builder, const release_store::arena_row& arena,
    const released_battle& battle, bool release_outputs);

// What the list of releases tells of a partition, from its files.
struct sealed_files {
  std::int64_t votes = 0;
  std::int64_t bytes = 0;
  std::string manifest_sha256;  // hexadecimal
  std::string list;             // canonical JSON: path, bytes, sha256, rows
};
// Throws std::runtime_error if the directory is not a whole release.
[[nodiscard]] sealed_files read_manifest(const std::filesystem::path& directory);

}  // namespace agon::releases
