// Builds one release partition: typed rows in, a sealed directory out.
//
//   auto started = release_builder::start("releases/speech/2026-11", std::move(options), random);
//   release_builder& build = *started.value();
//   build.add("votes", row().set("battle", id).set("winner", "a")…);
//   auto summary = build.finish();
//
// Nothing is visible at the target until finish() has written, verified and
// renamed everything. On any failure, and when the builder is destroyed unfinished,
// what was written is removed. Memory stays under `buffer_bytes` per table plus a
// constant, however many rows are added (and a few words per person, if votes are counted with
// noise): sorted runs go to files beside the target, and hold only what would be published
// (pseudonyms, redacted text).
//
// One builder belongs to one thread, and uses some of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "privacy/crypto/random.hpp"
#include "privacy/release/error.hpp"
#include "privacy/release/partition_key.hpp"
#include "privacy/release/policy.hpp"
#include "privacy/release/table_schema.hpp"
#include "privacy/release/vote_counts.hpp"
#include "ratings/bradley_terry.hpp"

namespace agon::release {

// Cells by column name. A column left out is null.
class row {
 public:
  // Takes a bool, an integer, a floating point number, a text, a value, or an optional
  // of these, where none is null.
  template <class T>
  row& set(std::string_view column, const T& v) {
    cells_.emplace_back(column, to_value(v));
    return *this;
  }

  [[nodiscard]] const std::vector<std::pair<std::string, value>>& cells() const { return cells_; }

 private:
  template <class T>
  static value to_value(const std::optional<T>& v) {
    return v ? to_value(*v) : value();
  }
  template <class T>
  static value to_value(const T& v) {
    if constexpr (std::is_same_v<T, value> || std::is_same_v<T, std::monostate> ||
                  std::is_same_v<T, bool>)
      return v;
    else if constexpr (std::is_integral_v<T>)
      return static_cast<std::int64_t>(v);
    else if constexpr (std::is_floating_point_v<T>)
      return static_cast<double>(v);
    else
      return std::string(v);
  }

  std::vector<std::pair<std::string, value>> cells_;
};

// A mistake that a build makes on purpose, to show that its checks see it: such a build is
// refused whatever its checks say.
enum class injected_defect { none, constant_id, small_cell, unscanned_column };

struct release_options {
  std::string arena;         // its name in the arena file: [a-z0-9][a-z0-9_-]{0,63}
  std::string arena_title;   // for the dataset card; the name if empty
  std::string partition;     // "2026-11", or any [a-z0-9][a-z0-9_-]{0,63}
  std::string created_day;   // "2026-12-04"
  std::string code_version;  // "0.1.0 (1f2e3d4c5b6a)"
  std::string license;       // SPDX in lower case, as Hugging Face names it: "cc-by-4.0"
  release_policy policy;
  partition_key key;
  // Every system that took part, so that those without votes are on the board too.
  std::vector<std::string> systems;
  ratings::bradley_terry_settings board = {};
  std::string url = {};  // of the arena's data page, for the documents; may be empty
  // What is counted with noise, once its price is in the ledger. Or else why nothing is.
  std::optional<counts_plan> counts = {};
  std::string no_counts = "They were not asked for.";
  // A revision of this folder: the same partition with rows withdrawn. Its counts are taken
  // over as they are, so that nothing more is spent.
  std::filesystem::path revision_of = {};
  std::string note = "First publication.";  // for the changelog: one sentence
  bool dry_run = false;                     // build and check, then remove everything
  injected_defect defect = injected_defect::none;
  unsigned threads = 2;
  // Strings that must appear in no file: rows that the operator planted to test the
  // whole way. One found stops the release.
  std::vector<std::string> canaries = {};
  std::size_t buffer_bytes = 16UL << 20;  // per table, before a run goes to disk
  std::int64_t rows_per_file = 500'000;   // a table is cut into files of this many rows
};

struct release_summary {
  std::filesystem::path directory;
  std::map<std::string, std::int64_t> rows;      // by table
  std::map<std::string, std::int64_t> redacted;  // placeholders written, by kind
  std::uint64_t bytes = 0;                       // of all files
  std::string manifest_sha256;
  std::string report;  // PRIVACY_REPORT.md
};

class release_builder {
 public:
  // Checks the options and makes a hidden directory beside the target.
  // already_sealed if the target exists, storage if it cannot be written to.
  [[nodiscard]] static result<std::unique_ptr<release_builder>> start(
      const std::filesystem::path& target, release_options options, crypto::random_source& random);

  virtual ~release_builder() = default;

  // Takes one row. `pseudonym` columns are given as raw ids and `text` columns as
  // they were written: the builder hashes the former and redacts the latter.
  // Placeholders (<EMAIL_ADDRESS_1>) agree between the rows of one battle when those
  // are added one after another, in whatever tables; so stream battle by battle.
  // Give a battle's vote before its outputs: duration and loudness of an output are
  // withheld unless the prompt before it is released and nothing in it was redacted.
  // Any refusal (unknown table or column, wrong type, unknown enum value, a number
  // that is not finite, invalid UTF-8, a missing value) ends the build for good. A canary is
  // found, and a full disk noticed, some rows later, or by finish().
  // The Bradley–Terry rows of `boards` are computed by finish() from the votes given
  // here and refused from the caller; boards by other methods may be added.
  [[nodiscard]] virtual result<void> add(std::string_view table, const row& r) = 0;

  // Counts a vote, published or not, in the table of counts; nothing if there is no plan.
  virtual void count(const counted_vote& vote) = 0;
  // Publishes no counts after all: their price could not be paid. The reason is a sentence.
  virtual void leave_out_counts(std::string reason) = 0;

  // Writes the files, verifies them as any reader would, and renames the directory
  // into place. check_failed names the check. The key is destroyed in every case.
  [[nodiscard]] virtual result<release_summary> finish() = 0;
};

}  // namespace agon::release
