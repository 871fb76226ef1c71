// Cuts a stream of bytes into blocks that hold whole records, so that several threads
// can parse one file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "services/files/byte_source.hpp"

namespace agon::files {

// Whole records in [begin(), end()); the last byte is '\n', added if the file ends
// without one. A parser may change the bytes: unescaping is done in place.
class block {
 public:
  [[nodiscard]] char* begin() { return storage_.data() + first_; }
  [[nodiscard]] char* end() { return storage_.data() + last_; }
  [[nodiscard]] std::size_t size() const { return last_ - first_; }
  // Of the file, from 1, where the block begins.
  [[nodiscard]] std::uint64_t line() const { return line_; }
  // Leaves out what lies before `to`, which is the beginning of that line.
  void skip_to(const char* to, std::uint64_t line) {
    first_ = static_cast<std::size_t>(to - storage_.data());
    line_ = line;
  }

 private:
  friend class block_reader;
  std::vector<char> storage_;  // never shrinks, so that a block can be used again
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  std::uint64_t line_ = 1;
};

// Where a record ends: at any line end, or at one outside of double quotes.
enum class record_end : std::uint8_t { line, line_outside_quotes };

// Not safe for use by two threads at once.
class block_reader {
 public:
  static constexpr std::size_t usual_block = std::size_t{1} << 20;
  // A record may be that long; what is longer, for instance because a quote is never
  // closed, is handed over as a block that ends in the middle of it, and then nothing more.
  static constexpr std::size_t longest_record = std::size_t{1} << 24;

  // A mark at the beginning that says UTF-8 (BOM) is left out.
  block_reader(std::unique_ptr<byte_source> source, record_end ends,
               std::size_t block_bytes = usual_block);

  // Fills `out` with the next records. False, and an empty block, at the end.
  [[nodiscard]] checked<bool> next(block& out);

  [[nodiscard]] std::optional<std::uint64_t> size() const { return source_->size(); }

 private:
  // Offset behind the last record that is complete in [data, data + size); 0 if none is.
  [[nodiscard]] std::size_t complete(const char* data, std::size_t size) const;

  std::unique_ptr<byte_source> source_;
  record_end ends_;
  std::size_t block_bytes_;
  std::vector<char> carried_;  // the beginning of a record
  std::uint64_t line_ = 1;
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace agon::files
