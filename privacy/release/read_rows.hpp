// Reads the tables of a release strictly and gathers what the verifier asks of them.
// Internal to privacy/release.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/anonymity/class_table.hpp"
#include "privacy/release/documents.hpp"
#include "privacy/release/error.hpp"
#include "privacy/release/manifest.hpp"
#include "privacy/release/release_folder.hpp"
#include "privacy/release/table_schema.hpp"
#include "privacy/release/variables.hpp"
#include "privacy/release/verify.hpp"
#include "ratings/tally.hpp"

namespace agon::release {

struct row_facts {
  ratings::tally votes;
  anonymity::class_table classes;  // of votes, by their quasi-identifiers
  std::int64_t rows = 0;
  std::int64_t texts = 0;     // text cells looked at
  std::int64_t findings = 0;  // what the finders saw in them
  std::string first_finding;  // "data/votes-00000.jsonl.zst, row 3, column prompt: PHONE_NUMBER"
  std::vector<std::uint64_t> battles;  // of votes, the first 64 bits of the pseudonym; sorted
  std::vector<std::uint64_t> ids;      // all pseudonyms likewise, each once, if asked for; sorted
  std::vector<std::uint64_t> referenced;             // of outputs and feedback; sorted
  std::map<std::string, table_variables> variables;  // by table
  preview_lines preview;
  std::vector<std::vector<value>> board;  // the Bradley–Terry rows of boards
  // Why the first Parquet file that differs from its lines does; empty if none does.
  std::string parquet_problem;
};

// check_failed names file, row and column of the first row that is not what it must be.
// Votes are read beside the other tables, on two threads. Memory: 8 bytes per row (and as much
// again with `ids`), and the pairs of systems.
[[nodiscard]] result<row_facts> read_rows(const release_folder& folder, const manifest& m,
                                          const verify_limits& limits, bool ids = false);

// All pseudonyms alone, as in row_facts, for a comparison with another partition.
[[nodiscard]] result<std::vector<std::uint64_t>> read_ids(const release_folder& folder,
                                                          const manifest& m,
                                                          const verify_limits& limits);

}  // namespace agon::release
