#include "privacy/parquet/codec.hpp"

#include <zlib.h>
#include <zstd.h>

#include <limits>
#include <new>
#include <stdexcept>

#include "privacy/parquet/format.hpp"

namespace agon::parquet {
namespace {

bool read_zstd(std::string_view bytes, char* out, std::size_t raw_bytes) {
  const std::size_t got = ZSTD_decompress(out, raw_bytes, bytes.data(), bytes.size());
  return ZSTD_isError(got) == 0 && got == raw_bytes;
}

bool read_gzip(std::string_view bytes, char* out, std::size_t raw_bytes) {
  constexpr std::size_t most = std::numeric_limits<uInt>::max();
  constexpr int gzip_or_zlib = 15 + 32;
  if (bytes.size() > most || raw_bytes > most) return false;
  z_stream s{};
  if (inflateInit2(&s, gzip_or_zlib) != Z_OK) throw std::bad_alloc();
  std::string input(bytes);  // zlib's input is not const
  char none = 0;
  s.next_in = reinterpret_cast<Bytef*>(input.data());
  s.avail_in = static_cast<uInt>(input.size());
  s.next_out = reinterpret_cast<Bytef*>(raw_bytes == 0 ? &none : out);
  s.avail_out = static_cast<uInt>(raw_bytes);
  const int code = inflate(&s, Z_FINISH);
  const bool whole = code == Z_STREAM_END && s.avail_out == 0 && s.avail_in == 0;
  inflateEnd(&s);
  return whole;
}

}  // namespace

void page_compressor::freer::operator()(ZSTD_CCtx_s* c) const {
  ZSTD_freeCCtx(c);
}

page_compressor::page_compressor(int level) : context_(ZSTD_createCCtx()) {
  if (!context_) throw std::bad_alloc();
  if (ZSTD_isError(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level)) != 0)
    throw std::invalid_argument("zstd does not know this level");
}

page_compressor::~page_compressor() = default;
page_compressor::page_compressor(page_compressor&&) noexcept = default;
page_compressor& page_compressor::operator=(page_compressor&&) noexcept = default;

std::string_view page_compressor::compress(std::string_view raw) {
  out_.resize(ZSTD_compressBound(raw.size()));
  const std::size_t size =
      ZSTD_compress2(context_.get(), out_.data(), out_.size(), raw.data(), raw.size());
  if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
  return std::string_view(out_).substr(0, size);
}

result<void> decompress(int by, std::string_view bytes, std::size_t raw_bytes, std::string& out) {
  const std::size_t known = out.size();
  out.resize(known + raw_bytes);
  char* const to = out.data() + known;
  bool whole = false;
  switch (static_cast<codec>(by)) {
    case codec::uncompressed:
      whole = bytes.size() == raw_bytes;
      if (whole && raw_bytes > 0) std::memcpy(to, bytes.data(), raw_bytes);
      break;
    case codec::snappy:
      whole = read_snappy(bytes, to, raw_bytes);
      break;
    case codec::gzip:
      whole = read_gzip(bytes, to, raw_bytes);
      break;
    case codec::zstd:
      whole = read_zstd(bytes, to, raw_bytes);
      break;
    default:
      return parquet_error{"pages are compressed by a codec other than snappy, gzip and zstd"};
  }
  if (!whole) return parquet_error{"a page does not decompress to what it states"};
  return {};
}

}  // namespace agon::parquet
