// manifest.json: what a partition is, in canonical JSON (RFC 8785). Internal to
// privacy/release.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/release/error.hpp"
#include "privacy/release/policy.hpp"
#include "privacy/release/variables.hpp"
#include "privacy/release/vote_counts.hpp"
#include "ratings/bradley_terry.hpp"

namespace agon::release {

constexpr std::int64_t format_version = 2;

struct manifest_file {
  std::string path;  // "data/votes-00000.jsonl.zst", "data/votes-00000.parquet"
  std::string table;
  std::string sha256;
  std::string schema_sha256;
  std::int64_t bytes = 0;
  std::int64_t raw_bytes = 0;  // decompressed; of Parquet, as it is
  std::int64_t rows = 0;
};

// From what the verified board follows, besides the votes.
struct manifest_board {
  std::string code;           // ratings::code_revision
  std::string inputs_sha256;  // tally::sha256() of the votes
  std::int64_t votes = 0;
  std::vector<std::string> systems;  // in the order of their names
  ratings::bradley_terry_settings settings;
};

// One version of the partition: 0 is the first publication.
struct manifest_change {
  std::int64_t revision = 0;
  std::string day;
  std::int64_t votes = 0;
  std::string note;  // one sentence

  bool operator==(const manifest_change&) const = default;
};

struct manifest {
  std::string arena, arena_title, partition, created_day, code_version, license;
  std::string url;  // of the arena's data page; empty if unknown
  std::string compression_library;
  bool sealed = true;
  std::vector<manifest_change> history;              // oldest first; the last is this one
  std::map<std::string, table_variables> variables;  // by table
  release_risk risk;
  manifest_counts counts;
  release_policy policy;
  std::vector<manifest_file> files;  // in the order of their paths
  std::map<std::string, std::int64_t> redacted;
  manifest_board board;

  [[nodiscard]] std::int64_t rows_of(std::string_view table) const;
  [[nodiscard]] std::int64_t revision() const {
    return history.empty() ? 0 : history.back().revision;
  }
};

[[nodiscard]] std::string to_json(const manifest& m);

// check_failed with a sentence unless the text is exactly what to_json would write for
// a manifest of this format.
[[nodiscard]] result<manifest> parse_manifest(std::string_view text);

// The lines of SHA256SUMS, as coreutils' sha256sum writes and reads them.
[[nodiscard]] std::string sums_line(std::string_view sha256, std::string_view path);

}  // namespace agon::release
