// What to send of a file: all, a range, or only why not.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "services/http/request.hpp"
#include "services/http/response.hpp"

namespace agon::http {

class file_handle {
 public:
  file_handle() = default;
  explicit file_handle(int descriptor) : descriptor_(descriptor) {}
  ~file_handle();
  file_handle(file_handle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  file_handle& operator=(file_handle&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

struct file_plan {
  response head;  // status and headers; its body is text unless `file` is open
  file_handle file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

// Opens the file and weighs If-None-Match, If-Modified-Since, Range and If-Range. A file
// that is missing is answered with 404; several ranges, with the whole.
[[nodiscard]] file_plan plan_file(const request& r, const response& made, const file_body& file);

struct byte_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // inclusive
};
enum class range_outcome { ignored, satisfiable, unsatisfiable };

// The Range header for a file of `size` bytes; `out` is set if satisfiable.
[[nodiscard]] range_outcome parse_range(std::string_view header, std::uint64_t size,
                                        byte_range& out);

}  // namespace agon::http
