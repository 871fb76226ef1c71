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

struct check {
  std::string name;  // stable: "layout", "checksums", "manifest", "rows", …
  bool passed = false;
  std::string sentence;  // what was seen, for a person
};

struct verify_report {
  std::vector<check> checks;  // in the order they ran; a check that could not run has failed
  std::string arena;
  std::string partition;
  std::int64_t votes = 0;

  [[nodiscard]] bool ok() const;
  // Null if there is no such check.
  [[nodiscard]] const check* find(std::string_view name) const;
};

// The checks, in order:
//   layout      only regular files, only those a release has, within limits
//   checksums   SHA256SUMS names every other file once and each hash is right
//   manifest    known format, canonical, agrees with the files, schemas and policy hash
//   rows        each row decompresses, parses and is what its table's schema allows
//   parquet     each Parquet file holds, cell by cell, the rows of the lines beside it
//   references  outputs and feedback belong to battles in votes
//   text        the finders find nothing in any text column
//   anonymity   each language stands in as many votes as the policy says, and no finer
//   board       Bradley–Terry recomputed from votes gives the released board
//   card        README.md is the one that follows from the manifest
// Throws only std::bad_alloc.
[[nodiscard]] verify_report verify(const std::filesystem::path& directory,
                                   const verify_limits& limits = {});

}  // namespace agon::release
