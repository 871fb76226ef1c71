// Use case: votes that were given elsewhere come into an arena of their own.
//
// They never enter an arena where people vote: how its pairs were drawn, what was heard and who
// agreed to what is not known of them, so its board does not count them. Their participants are
// keyed hashes of the source's own names for them, with a key that only the database holds.
// Nothing of them is published unless the operator says that the licence allows it.
//
// The file is read twice, once for the names of its systems and once for its rows, a batch at a
// time; each batch is written in one transaction. What ids are made of is in the file, so that a
// row that was written is known again: after a crash the same command goes on where it ended.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/core/clock.hpp"
#include "services/imports/import_store.hpp"
#include "services/imports/parsers.hpp"
#include "services/imports/record_reader.hpp"

namespace agon::imports {

struct import_settings {
  std::vector<std::string> files;  // a folder stands for its .json files
  source_format format = source_format::pairs;
  std::optional<table_format> table;
  std::string source;  // empty: the format and the first file's name
  std::string arena;   // slug; empty: made of the source's name
  std::string title;   // of the arena; empty: made of the source's name
  std::string licence;
  std::string judges = "human";
  bool publish_votes = false;
  bool publish_text = false;
  bool dry_run = false;
};

enum class row_status { imported, known, unjudged, refused };
// "imported", "known", "unjudged", "refused".
[[nodiscard]] std::string_view name_of(row_status s);

struct row_report {
  const std::string& file;
  std::uint64_t line;  // of Parquet the row
  row_status status;
  std::string reason{};  // of a refused row
};

struct import_report {
  std::string arena;
  std::string source;
  std::size_t systems = 0;
  std::uint64_t rows = 0;
  std::uint64_t imported = 0;  // in a dry run: would be
  std::uint64_t known = 0;     // was there already, or stands twice in the file
  std::uint64_t unjudged = 0;
  std::uint64_t refused = 0;
  std::uint64_t shortened = 0;  // texts that were cut to what is kept of one
};

struct import_progress {
  std::string file;
  bool counting = false;  // the first of the two readings
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> bytes_in_all;
  std::uint64_t rows = 0;
};

class import_votes {
 public:
  import_votes(import_store& store, clock_source& clock) : store_(store), clock_(clock) {}

  std::function<void(const row_report&)> on_row;            // every row of the second reading
  std::function<void(const import_progress&)> on_progress;  // now and then

  // errc::not_found for a file that cannot be opened, errc::invalid_input for what cannot be an
  // import: no vote at all, over 1000 systems, --publish without a licence; errc::conflict for
  // an arena that is not one of imported votes, or has another licence. Throws as the store does.
  [[nodiscard]] result<import_report> run(import_settings settings);

 private:
  struct job;
  import_store& store_;
  clock_source& clock_;
};

// The arena file of imported votes: no system of it can be asked. Public for its test.
[[nodiscard]] std::string arena_file(const import_settings& settings, const std::string& slug,
                                     const std::map<std::string, std::string>& slugs);
// Slugs of systems by their names, which keep those that they have. Public for its test.
void add_slugs(const std::vector<std::string>& names, std::map<std::string, std::string>& slugs);

}  // namespace agon::imports
