#include "privacy/parquet/thrift.hpp"

#include <limits>

namespace agon::parquet {
namespace {

constexpr std::uint64_t short_list = 15;

}  // namespace

void thrift_writer::varint(std::uint64_t v) {
  for (; v >= 0x80; v >>= 7) out_ += static_cast<char>((v & 0x7F) | 0x80);
  out_ += static_cast<char>(v);
}

void thrift_writer::zigzag(std::int64_t v) {
  varint((static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63));
}

void thrift_writer::field(int id, wire type) {
  const int step = id - path_.back();
  path_.back() = id;
  if (step > 0 && step < 16) {
    out_ += static_cast<char>(step << 4 | static_cast<int>(type));
  } else {
    out_ += static_cast<char>(type);
    zigzag(id);
  }
}

void thrift_writer::integer(int id, wire type, std::int64_t v) {
  field(id, type);
  zigzag(v);
}

void thrift_writer::binary(int id, std::string_view v) {
  field(id, wire::binary);
  element(v);
}

void thrift_writer::element(std::string_view v) {
  varint(v.size());
  out_ += v;
}

void thrift_writer::begin_list(int id, wire element, std::size_t size) {
  field(id, wire::list);
  const auto head = static_cast<unsigned>(size < short_list ? size : short_list);
  out_ += static_cast<char>(head << 4 | static_cast<unsigned>(element));
  if (size >= short_list) varint(size);
}

int thrift_reader::byte() {
  if (at_ >= bytes_.size()) {
    ok_ = false;
    cut_off_ = true;
    return 0;
  }
  return static_cast<unsigned char>(bytes_[at_++]);
}

std::uint64_t thrift_reader::varint() {
  std::uint64_t v = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto b = static_cast<std::uint64_t>(byte());
    if (!ok_) return 0;
    v |= (b & 0x7F) << shift;
    if (b < 0x80) return v;
  }
  fail();
  return 0;
}

std::int64_t thrift_reader::zigzag() {
  const std::uint64_t v = varint();
  return static_cast<std::int64_t>((v >> 1) ^ (~(v & 1) + 1));
}

std::int64_t thrift_reader::integer(wire type) {
  if (type == wire::i16 || type == wire::i32 || type == wire::i64) return zigzag();
  if (type == wire::byte) return static_cast<signed char>(byte());
  fail();
  return 0;
}

int thrift_reader::small(wire type) {
  const std::int64_t v = integer(type);
  if (v < std::numeric_limits<int>::min() || v > std::numeric_limits<int>::max()) return -1;
  return static_cast<int>(v);
}

bool thrift_reader::boolean(wire type) {
  if (type != wire::yes && type != wire::no) fail();
  return type == wire::yes;
}

std::string_view thrift_reader::binary(wire type) {
  if (type != wire::binary) fail();
  const std::uint64_t size = varint();
  if (ok_ && size > bytes_.size() - at_) {
    ok_ = false;
    cut_off_ = true;
  }
  if (!ok_) return {};
  const std::string_view out = bytes_.substr(at_, size);
  at_ += size;
  return out;
}

std::uint64_t thrift_reader::list_head(wire type, wire& element) {
  if (type != wire::list && type != wire::set) fail();
  const int head = byte();
  element = static_cast<wire>(head & 15);
  std::uint64_t size = static_cast<std::uint64_t>(head >> 4);
  if (size == short_list) size = varint();
  return ok_ ? size : 0;
}

void thrift_reader::skip_bytes(std::uint64_t n) {
  if (n > bytes_.size() - at_) {
    ok_ = false;
    cut_off_ = true;
  } else {
    at_ += n;
  }
}

void thrift_reader::skip_map() {
  const std::uint64_t size = varint();
  if (!ok_ || size == 0) return;
  const int types = byte();
  const auto one = [&](int t) {
    // A boolean of a map or list takes a byte of its own.
    if (t == static_cast<int>(wire::yes) || t == static_cast<int>(wire::no))
      skip_bytes(1);
    else
      skip(static_cast<wire>(t));
  };
  for (std::uint64_t n = size; ok_ && n > 0; --n) {
    one(types >> 4);
    one(types & 15);
  }
}

void thrift_reader::skip(wire type) {
  if (++depth_ > deepest) fail();
  switch (ok_ ? type : wire::stop) {
    case wire::yes:
    case wire::no:
      break;
    case wire::byte:
      skip_bytes(1);
      break;
    case wire::i16:
    case wire::i32:
    case wire::i64:
      static_cast<void>(varint());
      break;
    case wire::real:
      skip_bytes(8);
      break;
    case wire::binary:
      static_cast<void>(binary(type));
      break;
    case wire::list:
    case wire::set:
      each_element(type, [&](wire t) {
        if (t == wire::yes || t == wire::no)
          skip_bytes(1);
        else
          skip(t);
      });
      break;
    case wire::map:
      skip_map();
      break;
    case wire::structure:
      each_field([&](int, wire t) { skip(t); });
      break;
    default:
      fail();
  }
  --depth_;
}

}  // namespace agon::parquet
