// Compressed pages. Internal to privacy/parquet.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "privacy/parquet/error.hpp"

struct ZSTD_CCtx_s;

namespace agon::parquet {

// One context for all pages of a file.
class page_compressor {
 public:
  explicit page_compressor(int level);
  ~page_compressor();
  page_compressor(page_compressor&&) noexcept;
  page_compressor& operator=(page_compressor&&) noexcept;
  page_compressor(const page_compressor&) = delete;
  page_compressor& operator=(const page_compressor&) = delete;

  // Valid until the next call.
  [[nodiscard]] std::string_view compress(std::string_view raw);

 private:
  struct freer {
    void operator()(ZSTD_CCtx_s* c) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, freer> context_;
  std::string out_;
};

// Decompresses to exactly `raw_bytes` at the end of `out`, by a codec of parquet.thrift;
// an error if the bytes give more or fewer.
[[nodiscard]] result<void> decompress(int codec, std::string_view bytes, std::size_t raw_bytes,
                                      std::string& out);

// Snappy's raw format (format_description.txt of google/snappy), which takes fifty lines
// to read and would otherwise be a dependency. False unless it fills `out` exactly.
[[nodiscard]] bool read_snappy(std::string_view bytes, char* out, std::size_t raw_bytes);

}  // namespace agon::parquet
