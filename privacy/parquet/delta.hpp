// The delta encodings, decoded a page at a time. Internal to privacy/parquet.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/parquet/error.hpp"

namespace agon::parquet {

// DELTA_BINARY_PACKED at the front of `bytes`, which then begins behind it. An error if
// there are more values than `most`.
[[nodiscard]] result<std::vector<std::int64_t>> read_delta_integers(std::string_view& bytes,
                                                                    std::size_t most);

// Texts one after another, and where each ends.
struct delta_texts {
  std::string text;
  std::vector<std::size_t> ends;
};
// DELTA_LENGTH_BYTE_ARRAY, or DELTA_BYTE_ARRAY where `with_prefixes`. An error if the
// texts have more than `most_bytes`.
[[nodiscard]] result<delta_texts> read_delta_texts(std::string_view bytes, bool with_prefixes,
                                                   std::size_t most, std::size_t most_bytes);

}  // namespace agon::parquet
