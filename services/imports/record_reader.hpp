// The records of a file one after another, within bounded memory, whatever the file holds: one
// that is malformed is told of, and the next one is read.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "services/files/byte_source.hpp"

namespace agon::imports {

enum class table_format : std::uint8_t {
  json_lines,  // an object on each line
  json,        // objects in an array, or one after another; over any number of lines
  csv,         // with a header; RFC 4180
  tsv,
  parquet,
};
// "jsonl", "json", "csv", "tsv", "parquet".
[[nodiscard]] std::optional<table_format> table_format_from_text(std::string_view text);

struct record {
  std::uint64_t line = 0;  // where it begins, from 1; of Parquet the row
  // Either of these. Cells of CSV are texts; those of Parquet are texts, numbers and booleans.
  std::unique_ptr<nlohmann::json> object;
  std::string error;
};

class record_reader {
 public:
  // Longer ones are refused, without being kept in memory.
  static constexpr std::size_t longest_record = std::size_t{4} << 20;

  virtual ~record_reader() = default;
  // The next record; false at the end. A reading error of the system ends the file with a
  // record that tells it.
  [[nodiscard]] virtual bool next(record& out) = 0;
  // For progress: read so far, and in all if that is known.
  [[nodiscard]] virtual std::uint64_t bytes_read() const = 0;
  [[nodiscard]] virtual std::optional<std::uint64_t> bytes_in_all() const = 0;
};

// Without a format it is told by the ending of the name, and JSON by how it begins. Refused:
// what cannot be opened, a CSV without a header, and a file that is no Parquet.
[[nodiscard]] files::checked<std::unique_ptr<record_reader>> open_records(
    const std::string& path, std::optional<table_format> format = {});
// Not Parquet.
[[nodiscard]] files::checked<std::unique_ptr<record_reader>> records_of(
    std::unique_ptr<files::byte_source> source, table_format format);

}  // namespace agon::imports
