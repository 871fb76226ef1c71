// Sorts lines by a key in bounded memory: what overflows the buffer goes to sorted
// runs on disk, which are merged, sixteen at a time. Internal to privacy/release.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "privacy/crypto/hash.hpp"
#include "privacy/release/error.hpp"

namespace agon::release {

class row_sorter {
 public:
  // Runs are named <folder>/<name>.<number>.
  row_sorter(std::filesystem::path folder, std::string name, std::size_t buffer_bytes);

  [[nodiscard]] result<void> add(const crypto::digest& key, std::string_view line);

  // Calls `take` for every line in the order of the keys, lines with equal keys in the
  // order of their bytes; stops at its first error. Ends the sorter.
  using line_taker = std::function<result<void>(std::string_view line)>;
  [[nodiscard]] result<void> drain(const line_taker& take);

 private:
  struct entry {
    crypto::digest key;
    std::size_t begin, length;  // in lines_
  };
  using level = std::vector<std::filesystem::path>;

  void sort_buffer();
  [[nodiscard]] std::string_view line_of(const entry& e) const {
    return std::string_view(lines_).substr(e.begin, e.length);
  }
  [[nodiscard]] result<void> spill();
  [[nodiscard]] result<void> place(std::filesystem::path run, std::size_t at);
  [[nodiscard]] std::filesystem::path next_run();

  std::filesystem::path folder_;
  std::string name_;
  std::size_t buffer_bytes_;
  std::string lines_;
  std::vector<entry> entries_;
  std::vector<level> levels_;  // runs of level n were merged n times
  std::size_t runs_made_ = 0;
};

}  // namespace agon::release
