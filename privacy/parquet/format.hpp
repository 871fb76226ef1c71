// The numbers and structures of parquet.thrift, as far as we use them. Internal to
// privacy/parquet.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "privacy/parquet/schema.hpp"

namespace agon::parquet {

// Plain values lie in the file as they lie in memory.
static_assert(std::endian::native == std::endian::little);

constexpr std::string_view magic = "PAR1";

enum class physical : int {
  boolean = 0,
  int32 = 1,
  int64 = 2,
  int96 = 3,
  float32 = 4,
  float64 = 5,
  byte_array = 6,
  fixed = 7
};
enum class repetition : int { required = 0, optional = 1, repeated = 2 };
enum class converted : int { utf8 = 0, list = 3, date = 6 };
enum class encoding : int {
  plain = 0,
  plain_dictionary = 2,  // the same as rle_dictionary, by its old name
  rle = 3,
  bit_packed = 4,
  delta_binary_packed = 5,
  delta_length_byte_array = 6,
  delta_byte_array = 7,
  rle_dictionary = 8,
  byte_stream_split = 9
};
enum class codec : int { uncompressed = 0, snappy = 1, gzip = 2, zstd = 6 };
enum class page_kind : int { data = 0, index = 1, dictionary = 2, data_v2 = 3 };

struct statistics {
  std::int64_t nulls = 0;
  std::optional<std::pair<std::string, std::string>> range;  // least and greatest, plain
};

struct chunk_facts {
  int type = 0;
  int codec = 0;
  std::vector<int> encodings;
  std::int64_t values = 0;  // with nulls and empty lists
  std::int64_t raw_bytes = 0;
  std::int64_t bytes = 0;
  std::int64_t data_offset = 0;
  std::optional<std::int64_t> dictionary_offset;
  statistics stats;
};

struct row_group_facts {
  std::vector<chunk_facts> chunks;  // by leaf
  std::int64_t rows = 0;
};

// One leaf of the schema, and the column that it is or belongs to.
struct leaf {
  physical type = physical::boolean;
  int most_definition = 0;  // of a cell that is not null
  int most_repetition = 0;
  int list_definition = 0;    // of an empty list
  std::int64_t multiply = 1;  // of timestamps, to microseconds
  std::int64_t divide = 1;
  bool is_unsigned = false;
};

struct file_facts {
  std::vector<column> columns;
  std::vector<leaf> leaves;             // by column; unused where type::other
  std::vector<std::size_t> first_leaf;  // by column, its place among all leaves
  std::size_t all_leaves = 0;
  std::vector<row_group_facts> row_groups;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::int64_t rows = 0;
};

struct page_facts {
  int kind = -1;
  std::int64_t raw_bytes = 0;
  std::int64_t bytes = 0;
  std::optional<std::uint32_t> crc;
  std::int64_t values = 0;
  int encoding = -1;
  int definition_encoding = static_cast<int>(parquet::encoding::rle);
  int repetition_encoding = static_cast<int>(parquet::encoding::rle);
  // v2
  std::int64_t definition_bytes = 0;
  std::int64_t repetition_bytes = 0;
  bool compressed = true;
};

template <class T>
T load(const char* at) {
  T out;
  std::memcpy(&out, at, sizeof out);
  return out;
}

template <class T>
void append(std::string& to, T v) {
  char bytes[sizeof v];
  std::memcpy(bytes, &v, sizeof v);
  to.append(bytes, sizeof v);
}

}  // namespace agon::parquet
