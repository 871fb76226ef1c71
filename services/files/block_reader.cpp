#include "services/files/block_reader.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace agon::files {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

}  // namespace

block_reader::block_reader(std::unique_ptr<byte_source> source, record_end ends,
                           std::size_t block_bytes)
    : source_(std::move(source)),
      ends_(ends),
      block_bytes_(std::max<std::size_t>(block_bytes, 4)) {}

std::size_t block_reader::complete(const char* data, std::size_t size) const {
  // Every record begins outside of quotes, so a line end is outside of them if an even
  // number of quotes stands before it.
  bool inside =
      ends_ == record_end::line_outside_quotes && std::count(data, data + size, '"') % 2 != 0;
  for (std::size_t i = size; i > 0; --i) {
    const char c = data[i - 1];
    if (c == '\n' && !inside) return i;
    if (c == '"' && ends_ == record_end::line_outside_quotes) inside = !inside;
  }
  return 0;
}

checked<bool> block_reader::next(block& out) {
  out.first_ = out.last_ = 0;
  out.line_ = line_;
  if (ended_) return false;
  std::size_t filled = carried_.size();
  std::size_t wanted = filled + block_bytes_;
  if (out.storage_.size() < wanted + 1) out.storage_.resize(wanted + 1);
  std::copy(carried_.begin(), carried_.end(), out.storage_.begin());
  for (;;) {
    const auto got = source_->read({out.storage_.data() + filled, wanted - filled});
    if (got.has_error()) return got.error();
    const bool last = *got < wanted - filled;
    filled += *got;
    if (!started_) {
      started_ = true;
      if (std::string_view(out.storage_.data(), filled).starts_with(utf8_mark))
        out.first_ = utf8_mark.size();
    }
    char* const data = out.storage_.data() + out.first_;
    const std::size_t size = filled - out.first_;
    std::size_t cut = complete(data, size);
    if (last || (cut == 0 && size >= longest_record)) {
      ended_ = true;
      if (size > 0 && data[size - 1] != '\n') out.storage_[filled++] = '\n';
      cut = filled - out.first_;
    }
    if (cut > 0 || ended_) {
      out.last_ = out.first_ + cut;
      carried_.assign(out.storage_.data() + out.last_, out.storage_.data() + filled);
      line_ += static_cast<std::uint64_t>(std::count(data, data + cut, '\n'));
      return cut > 0;
    }
    wanted = filled * 2;
    out.storage_.resize(wanted + 1);
  }
}

}  // namespace agon::files
