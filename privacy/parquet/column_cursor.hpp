// Reads one column of a file, cell by cell. Internal to privacy/parquet.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/parquet/delta.hpp"
#include "privacy/parquet/format.hpp"
#include "privacy/parquet/hybrid.hpp"
#include "privacy/parquet/reader.hpp"

namespace agon::parquet {

// What all cursors of a reader hold together.
class memory_budget {
 public:
  explicit memory_budget(std::size_t most) : most_(most) {}
  // False if it would be more than the limit; then nothing is taken.
  [[nodiscard]] bool take(std::size_t bytes) {
    if (bytes > most_ - held_) return false;
    held_ += bytes;
    return true;
  }
  void give_back(std::size_t bytes) { held_ -= bytes; }
  [[nodiscard]] std::size_t left() const { return most_ - held_; }

 private:
  std::size_t most_, held_ = 0;
};

class column_cursor {
 public:
  // The references must outlive the cursor.
  column_cursor(const column& c, const leaf& l, byte_source& source, memory_budget& budget,
                const reader_limits& limits)
      : column_(c), leaf_(l), source_(source), budget_(budget), limits_(limits) {}
  ~column_cursor() { forget(); }
  column_cursor(const column_cursor&) = delete;
  column_cursor& operator=(const column_cursor&) = delete;

  // Begins at the chunk's first page.
  [[nodiscard]] result<void> open(const chunk_facts& chunk);
  // The next row's cell, valid until the next call.
  [[nodiscard]] result<void> next(cell& v);
  // After a row group's last row: an error if the chunk holds more.
  [[nodiscard]] result<void> expect_end();

 private:
  struct levels {
    std::uint32_t definition = 0, repetition = 0;
  };

  [[nodiscard]] parquet_error bad(std::string_view what) const;
  [[nodiscard]] result<bool> peek(levels& l);  // false at the chunk's end
  [[nodiscard]] result<void> load_page();
  [[nodiscard]] result<page_facts> load_head();
  [[nodiscard]] result<void> load_body(const page_facts& page);
  [[nodiscard]] result<void> set_dictionary(const page_facts& page);
  [[nodiscard]] result<void> set_data(const page_facts& page);
  [[nodiscard]] bool set_levels(const page_facts& page, std::string_view& body);
  [[nodiscard]] result<void> set_values(const page_facts& page, std::string_view body);
  [[nodiscard]] result<void> set_delta(const page_facts& page, std::string_view body);
  [[nodiscard]] result<void> take_scalar(cell& v);
  [[nodiscard]] result<void> take_list(cell& v, levels first);
  [[nodiscard]] result<void> take_number(cell& v, const char* at);
  [[nodiscard]] result<void> take_text(cell& v, std::string_view text);
  [[nodiscard]] result<void> take_plain(cell& v);
  [[nodiscard]] result<void> take_word(cell& v);
  [[nodiscard]] result<void> take_delta(cell& v);
  [[nodiscard]] std::size_t width() const;
  [[nodiscard]] bool hold(std::size_t bytes, std::size_t& held);
  void forget();

  const column& column_;
  const leaf leaf_;
  byte_source& source_;
  memory_budget& budget_;
  const reader_limits& limits_;

  // The chunk.
  int codec_ = 0;
  std::uint64_t at_ = 0, end_ = 0;  // in the file
  std::int64_t values_left_ = 0;    // in the chunk, beyond this page
  std::string dictionary_;
  std::vector<std::uint32_t> words_;  // where each text of the dictionary begins, and the end
  std::size_t word_count_ = 0;
  bool has_dictionary_ = false;
  std::size_t held_by_dictionary_ = 0;

  // The page.
  std::string page_, packed_;
  std::size_t held_by_page_ = 0, held_by_delta_ = 0;
  std::int64_t page_left_ = 0;  // entries
  encoding encoding_ = encoding::plain;
  hybrid_decoder definitions_, repetitions_, places_;
  std::string_view plain_;  // what is left of it
  std::size_t value_ = 0;   // values given of this page
  std::vector<std::int64_t> delta_numbers_;
  delta_texts delta_texts_;

  bool peeked_ = false;
  levels peeked_levels_;
  std::vector<double> reals_;  // of the list given last
  std::string list_text_;
  std::vector<std::size_t> list_ends_;
  std::vector<std::string_view> texts_;
};

}  // namespace agon::parquet
