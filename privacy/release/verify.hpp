// Reads a release as a stranger would, from its files alone, and says what holds.
//
// The directory is not trusted: symbolic links, paths that lead outside, files that
// nobody listed, compressed bombs, endless lines and truncated streams are refused
// with a sentence, in bounded memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace agon::release {

struct verify_limits {
  std::size_t files = 10'000;               // entries in the directory
  std::size_t line_bytes = 4UL << 20;       // one row
  std::uint64_t file_bytes = 1ULL << 40;    // one file, compressed
  std::uint64_t raw_bytes = 1ULL << 42;     // one file, decompressed
  std::size_t metadata_bytes = 16UL << 20;  // manifest, sums, card
  double score_tolerance = 1e-6;            // board scores, in points
};

// What a reader has beside the release.
struct verify_against {
  // The arena's minisign public key, as one line or as the content of its file: the release
  // must be signed by it. Empty: a signature is not asked for.
  std::string public_key;
  // Another partition: no id of it may stand in this one. Empty: none.
  std::filesystem::path other;
};

struct check {
  std::string name;  // stable: "layout", "checksums", "manifest", "rows", …
  bool passed = false;
  std::string sentence;  // what was seen, for a person
};

struct verify_report {
  std::vector<check> checks;  // in the order they ran; a check that could not run has failed
  std::string arena;
  std::string partition;
  std::int64_t revision = 0;
  std::int64_t votes = 0;

  [[nodiscard]] bool ok() const;
  // Null if there is no such check.
  [[nodiscard]] const check* find(std::string_view name) const;
};

// The checks, in order:
//   layout      only regular files, only those a release has, within limits
//   checksums   SHA256SUMS names every other file once and each hash is right
//   signature   the given key signed sums and manifest; without a key, who claims to have
//   manifest    known format, canonical, agrees with the files, schemas and policy hash
//   rows        each row decompresses, parses and is what its table's schema allows
//   parquet     each Parquet file holds, cell by cell, the rows of the lines beside it
//   ids         every vote has an id of its own
//   references  outputs and feedback belong to battles in votes
//   text        the finders find nothing in any text column
//   anonymity   each language stands in as many votes as the policy says, and no finer; the
//               risks that the manifest states are those of the rows
//   variables   the values counted again are those that the manifest states
//   counts      the counts with noise have the cells and the noise that the manifest states
//   board       Bradley–Terry recomputed from votes gives the released board
//   documents   card, codebook, report and the others are those that follow from the manifest
//   separation  no id stands in the other partition; only if one is given
// Throws only std::bad_alloc and std::system_error (no thread can be had).
[[nodiscard]] verify_report verify(const std::filesystem::path& directory,
                                   const verify_limits& limits = {},
                                   const verify_against& against = {});

}  // namespace agon::release
