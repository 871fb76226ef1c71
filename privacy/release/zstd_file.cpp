#include "privacy/release/zstd_file.hpp"

#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace agon::release {
namespace {

// Level 6 writes windows of 2 MiB; a file that asks for more than 8 MiB is not ours.
constexpr int largest_window_log = 23;
constexpr std::size_t chunk = 128UL << 10;

void must(std::size_t code) {
  if (ZSTD_isError(code) != 0) throw std::runtime_error(ZSTD_getErrorName(code));
}

}  // namespace

std::string compression_library() {
  return ZSTD_versionString();
}

void zstd_writer::freer::operator()(ZSTD_CCtx_s* c) const {
  ZSTD_freeCCtx(c);
}
void zstd_line_reader::freer::operator()(ZSTD_DCtx_s* c) const {
  ZSTD_freeDCtx(c);
}

zstd_writer::zstd_writer(output_file file) : file_(std::move(file)), context_(ZSTD_createCCtx()) {
  if (!context_) throw std::bad_alloc();
  must(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, compression_level));
  must(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1));
}

zstd_writer::~zstd_writer() = default;
zstd_writer::zstd_writer(zstd_writer&&) noexcept = default;
zstd_writer& zstd_writer::operator=(zstd_writer&&) noexcept = default;

result<void> zstd_writer::compress(std::string_view bytes, int directive) {
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  for (;;) {
    char space[chunk];
    ZSTD_outBuffer out{space, sizeof space, 0};
    const std::size_t left =
        ZSTD_compressStream2(context_.get(), &out, &in, static_cast<ZSTD_EndDirective>(directive));
    must(left);
    if (auto written = file_.write({space, out.pos}); !written) return written;
    const bool done = directive == ZSTD_e_end ? left == 0 : in.pos == in.size;
    if (done) return {};
  }
}

result<void> zstd_writer::write_line(std::string_view line) {
  raw_bytes_ += line.size() + 1;
  if (auto written = compress(line, ZSTD_e_continue); !written) return written;
  return compress("\n", ZSTD_e_continue);
}

result<void> zstd_writer::close() {
  if (auto ended = compress({}, ZSTD_e_end); !ended) return ended;
  return file_.close();
}

zstd_line_reader::zstd_line_reader(unique_fd fd, std::size_t line_limit, std::uint64_t raw_limit)
    : fd_(std::move(fd)),
      line_limit_(line_limit),
      raw_limit_(raw_limit),
      context_(ZSTD_createDCtx()) {
  if (!context_) throw std::bad_alloc();
  must(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, largest_window_log));
}

zstd_line_reader::~zstd_line_reader() = default;

// Decompresses some more into lines_; false at the end or on an error.
bool zstd_line_reader::fill() {
  if (input_used_ == input_.size()) {
    input_.resize(chunk);
    ssize_t got = 0;
    do got = ::read(fd_.get(), input_.data(), input_.size());
    while (got < 0 && errno == EINTR);
    input_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    input_used_ = 0;
    if (got < 0) problem_ = "the file cannot be read";
    if (got == 0) {
      ended_ = true;
      if (frame_open_) problem_ = "the compressed stream is cut off";
    }
    if (got <= 0) return false;
  }
  if (!frame_open_) {
    problem_ = "bytes follow the end of the compressed stream";
    return false;
  }
  lines_.erase(0, line_begin_);
  searched_ -= line_begin_;
  line_begin_ = 0;
  const std::size_t known = lines_.size();
  lines_.resize(known + chunk);
  ZSTD_inBuffer in{input_.data(), input_.size(), input_used_};
  ZSTD_outBuffer out{lines_.data() + known, chunk, 0};
  const std::size_t code = ZSTD_decompressStream(context_.get(), &out, &in);
  lines_.resize(known + out.pos);
  input_used_ = in.pos;
  raw_bytes_ += out.pos;
  if (ZSTD_isError(code) != 0) {
    problem_ = std::string("not a valid zstd stream (") + ZSTD_getErrorName(code) + ")";
    return false;
  }
  frame_open_ = code != 0;
  if (raw_bytes_ > raw_limit_) problem_ = "decompresses to more bytes than stated";
  return problem_.empty();
}

bool zstd_line_reader::next(std::string_view& line) {
  while (problem_.empty()) {
    const std::size_t feed = lines_.find('\n', searched_);
    if (feed != std::string::npos) {
      line = std::string_view(lines_).substr(line_begin_, feed - line_begin_);
      line_begin_ = searched_ = feed + 1;
      return true;
    }
    searched_ = lines_.size();
    if (lines_.size() - line_begin_ > line_limit_) {
      problem_ = "a line is longer than " + std::to_string(line_limit_) + " bytes";
      return false;
    }
    if (!fill() && ended_) {
      if (problem_.empty() && line_begin_ < lines_.size())
        problem_ = "the last line has no line feed";
      return false;
    }
  }
  return false;
}

}  // namespace agon::release
