// One column of the row group that is being gathered. Internal to privacy/parquet.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/parquet/codec.hpp"
#include "privacy/parquet/format.hpp"
#include "privacy/parquet/writer.hpp"

namespace agon::parquet {

class column_buffer {
 public:
  explicit column_buffer(const column& c);

  // Why the cell may not stand in this column; empty if it was taken.
  [[nodiscard]] std::string_view add(const cell& v);

  [[nodiscard]] std::size_t bytes() const {
    return plain_.size() + sizeof(std::uint32_t) * (definitions_.size() + repetitions_.size());
  }

  // Gives the pages of the chunk in order and empties the buffer. `offset` is where the
  // first page will lie in the file.
  [[nodiscard]] chunk_facts drain(std::int64_t offset, const writer_options& options,
                                  page_compressor& compressor,
                                  const std::function<void(std::string_view)>& take);

 private:
  // Where a row and its values begin.
  struct place {
    std::size_t level = 0;  // among definitions_; among rows where there are none
    std::size_t value = 0;
    std::size_t byte = 0;  // in plain_
  };
  struct dictionary {
    std::string plain;                  // the distinct values, in the order of their appearance
    std::vector<std::uint32_t> places;  // of all values
    std::uint32_t size = 0;
  };

  void put(std::string_view text);
  void put(double number);
  [[nodiscard]] std::string_view put_scalar(const cell& v);
  [[nodiscard]] std::string_view put_list(const cell& v);
  void level(std::uint32_t definition, std::uint32_t repetition);
  [[nodiscard]] std::size_t levels() const;
  [[nodiscard]] std::size_t value_bytes(std::size_t at) const;
  [[nodiscard]] bool has_value(std::size_t level) const;
  [[nodiscard]] place next_row(place at) const;
  [[nodiscard]] bool make_dictionary(std::size_t limit, dictionary& out) const;
  [[nodiscard]] statistics gather() const;
  void append_levels(const place& from, const place& to, std::string& out) const;

  column column_;
  physical type_;
  std::uint32_t most_definition_ = 0;
  bool list_ = false;
  std::string plain_;  // the values as they lie in a page; a byte each where boolean
  std::vector<std::uint32_t> definitions_, repetitions_;
  std::size_t values_ = 0, rows_ = 0;
};

}  // namespace agon::parquet
