// Thrift's compact protocol, as far as Parquet uses it. Internal to privacy/parquet.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace agon::parquet {

enum class wire : int {
  stop = 0,
  yes = 1,
  no = 2,
  byte = 3,
  i16 = 4,
  i32 = 5,
  i64 = 6,
  real = 7,
  binary = 8,
  list = 9,
  set = 10,
  map = 11,
  structure = 12
};

class thrift_writer {
 public:
  void begin_struct() { path_.push_back(0); }
  void end_struct() {
    out_ += '\0';
    path_.pop_back();
  }
  void field(int id, wire type);
  void i32(int id, std::int64_t v) { integer(id, wire::i32, v); }
  void i64(int id, std::int64_t v) { integer(id, wire::i64, v); }
  void boolean(int id, bool v) { field(id, v ? wire::yes : wire::no); }
  void binary(int id, std::string_view v);
  void begin_list(int id, wire element, std::size_t size);
  // Elements of a list.
  void element(std::int64_t v) { zigzag(v); }
  void element(std::string_view v);
  // A field that is a structure: end_struct() closes it.
  void struct_field(int id) {
    field(id, wire::structure);
    begin_struct();
  }
  void empty_struct(int id) {
    struct_field(id);
    end_struct();
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void integer(int id, wire type, std::int64_t v);
  void varint(std::uint64_t v);
  void zigzag(std::int64_t v);

  std::string out_;
  std::basic_string<int> path_;  // the last field's id, by depth
};

// Reads what is not trusted: after the first fault everything is empty and ok() false.
class thrift_reader {
 public:
  explicit thrift_reader(std::string_view bytes) : bytes_(bytes) {}

  // Calls on_field(id, type) for each field of a structure; it must read the field by one
  // of the functions below, or skip() it.
  template <class F>
  void each_field(F&& on_field) {
    if (++depth_ > deepest) fail();
    for (int id = 0; ok_;) {
      const int head = byte();
      const wire type = static_cast<wire>(head & 15);
      if (!ok_ || type == wire::stop) break;
      id = static_cast<std::int16_t>(head >> 4 != 0 ? id + (head >> 4) : zigzag());
      if (ok_) on_field(id, type);
    }
    --depth_;
  }
  // Calls on_element(type) for each element of a list.
  template <class F>
  void each_element(wire type, F&& on_element) {
    wire element = wire::stop;
    for (std::uint64_t n = list_head(type, element); ok_ && n > 0; --n) on_element(element);
  }

  [[nodiscard]] std::int64_t integer(wire type);
  // An integer of 32 bits; -1 for others.
  [[nodiscard]] int small(wire type);
  [[nodiscard]] bool boolean(wire type);
  [[nodiscard]] std::string_view binary(wire type);
  void skip(wire type);

  [[nodiscard]] bool ok() const { return ok_; }
  // True if the fault was that the bytes ended.
  [[nodiscard]] bool cut_off() const { return cut_off_; }
  [[nodiscard]] std::size_t used() const { return at_; }
  void fail() { ok_ = false; }

 private:
  static constexpr int deepest = 32;

  int byte();
  std::uint64_t varint();
  std::int64_t zigzag();
  std::uint64_t list_head(wire type, wire& element);
  void skip_bytes(std::uint64_t n);
  void skip_map();

  std::string_view bytes_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool ok_ = true, cut_off_ = false;
};

}  // namespace agon::parquet
