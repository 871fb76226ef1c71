// The bytes of a file one by one, with their line.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "services/files/byte_source.hpp"

namespace agon::imports {

class text_scanner {
 public:
  explicit text_scanner(std::unique_ptr<files::byte_source> source)
      : source_(std::move(source)), buffer_(64UL * 1024) {}

  // The next byte without taking it; -1 at the end.
  int peek() {
    if (at_ == filled_ && !fill()) return -1;
    return static_cast<unsigned char>(buffer_[at_]);
  }
  // Takes it.
  int take() {
    const int c = peek();
    if (c < 0) return c;
    ++at_;
    ++read_;
    if (c == '\n') ++line_;
    return c;
  }
  // Passes over a mark that says UTF-8.
  void skip_byte_order_mark();
  // What is buffered of the beginning, for a look ahead. Nothing may have been taken before.
  [[nodiscard]] std::string_view beginning() {
    static_cast<void>(peek());
    return {buffer_.data() + at_, filled_ - at_};
  }

  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] std::uint64_t read() const { return read_; }
  [[nodiscard]] std::optional<std::uint64_t> size() const { return source_->size(); }
  // Why reading ended before the end; empty if it did not.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  bool fill();

  std::unique_ptr<files::byte_source> source_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t read_ = 0;
  bool ended_ = false;
  std::string failure_;
};

// A text that grows up to a length, and forgets all of it beyond.
class bounded_text {
 public:
  explicit bounded_text(std::size_t most) : most_(most) {}
  void clear() {
    text_.clear();
    over_ = false;
  }
  void add(int c) {
    if (over_) return;
    if (text_.size() == most_) {
      over_ = true;
      text_.clear();
      text_.shrink_to_fit();
      return;
    }
    text_.push_back(static_cast<char>(c));
  }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool over() const { return over_; }

 private:
  std::size_t most_;
  std::string text_;
  bool over_ = false;
};

}  // namespace agon::imports
