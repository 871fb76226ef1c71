// Lines in and out of a zstd file. Internal to privacy/release.
//
// Written with one level, one thread and no timestamps: the same lines give the same
// bytes with the same version of the library. Read with limits, so that neither a
// compressed bomb nor an endless line takes memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "privacy/release/file_io.hpp"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace agon::release {

constexpr int compression_level = 3;  // a third of level 6's time, for a few hundredths of size
// "1.5.4": the version of the library that writes.
[[nodiscard]] std::string compression_library();

class zstd_writer {
 public:
  explicit zstd_writer(output_file file);
  ~zstd_writer();
  zstd_writer(zstd_writer&&) noexcept;
  zstd_writer& operator=(zstd_writer&&) noexcept;
  zstd_writer(const zstd_writer&) = delete;
  zstd_writer& operator=(const zstd_writer&) = delete;

  // Writes the line and a line feed.
  [[nodiscard]] result<void> write_line(std::string_view line);
  [[nodiscard]] result<void> close();

  [[nodiscard]] std::uint64_t raw_bytes() const { return raw_bytes_; }
  [[nodiscard]] output_file& file() { return file_; }

 private:
  [[nodiscard]] result<void> compress(std::string_view bytes, int directive);

  struct freer {
    void operator()(ZSTD_CCtx_s* c) const;
  };
  output_file file_;
  std::unique_ptr<ZSTD_CCtx_s, freer> context_;
  std::uint64_t raw_bytes_ = 0;
};

class zstd_line_reader {
 public:
  // Reads from the descriptor; refuses longer lines and more bytes than these.
  zstd_line_reader(unique_fd fd, std::size_t line_limit, std::uint64_t raw_limit);
  ~zstd_line_reader();
  zstd_line_reader(const zstd_line_reader&) = delete;
  zstd_line_reader& operator=(const zstd_line_reader&) = delete;

  // The next line without its line feed, valid until the next call; false at the end
  // or on an error.
  [[nodiscard]] bool next(std::string_view& line);
  // Empty unless reading failed: "the compressed stream is cut off", …
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] std::uint64_t raw_bytes() const { return raw_bytes_; }

 private:
  [[nodiscard]] bool fill();

  struct freer {
    void operator()(ZSTD_DCtx_s* c) const;
  };
  unique_fd fd_;
  std::size_t line_limit_;
  std::uint64_t raw_limit_;
  std::unique_ptr<ZSTD_DCtx_s, freer> context_;
  std::string input_, lines_, problem_;
  std::size_t input_used_ = 0, line_begin_ = 0, searched_ = 0;
  std::uint64_t raw_bytes_ = 0;
  bool frame_open_ = true;
  bool ended_ = false;
};

}  // namespace agon::release
