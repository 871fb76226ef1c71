// Parses the blocks of a file on several threads and gives the results to the caller in
// the order of the file.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "services/files/row_file.hpp"

namespace agon::files {

// What a worker made of one block.
class block_result {
 public:
  virtual ~block_result() = default;
  std::optional<file_error> error;
  std::size_t bytes = 0;  // of the block; set by work_in_order()
};

// Has a thread of its own. Gets blocks in the order of the file, though not every one.
class block_worker {
 public:
  virtual ~block_worker() = default;
  // May use again what `spent` holds, a result of this worker that has been consumed; it
  // may be null.
  [[nodiscard]] virtual std::unique_ptr<block_result> work(block& records,
                                                           std::unique_ptr<block_result> spent) = 0;
};

// Calls `consume` on this thread for every result, in order, until one has an error, or
// consume gives one: that is returned, and it is always the first of the file. A few
// blocks per worker are in memory at a time. An exception of a worker is thrown here.
[[nodiscard]] std::optional<file_error> work_in_order(
    row_file& file, std::span<const std::unique_ptr<block_worker>> workers,
    const std::function<std::optional<file_error>(std::size_t worker, block_result&)>& consume);

}  // namespace agon::files
