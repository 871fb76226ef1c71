// Page headers and the footer, to and from Thrift. Internal to privacy/parquet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "privacy/parquet/error.hpp"
#include "privacy/parquet/format.hpp"
#include "privacy/parquet/thrift.hpp"

namespace agon::parquet {

// How a column that we write is stored; std::invalid_argument if we do not write it.
[[nodiscard]] physical physical_of(type t);

// CRC-32 as in gzip.
[[nodiscard]] std::uint32_t checksum(std::string_view bytes);

[[nodiscard]] std::string to_thrift(const page_facts& page);
// Of the writer's columns; leaves and first_leaf are not needed.
[[nodiscard]] std::string to_thrift(const file_facts& file);

// A page's header; ok() of the reader says whether it was one.
[[nodiscard]] page_facts read_page_facts(thrift_reader& in);

// The footer's structure, checked as far as it goes without the file: the tree of the
// schema, one chunk for each leaf in each row group, no negative counts.
[[nodiscard]] result<file_facts> read_file_facts(std::string_view footer, std::size_t most_columns);

}  // namespace agon::parquet
