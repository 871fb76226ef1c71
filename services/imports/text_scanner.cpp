#include "services/imports/text_scanner.hpp"

namespace agon::imports {

bool text_scanner::fill() {
  if (ended_) return false;
  const auto got = source_->read({buffer_.data(), buffer_.size()});
  if (got.has_error()) failure_ = got.error().reason;
  at_ = 0;
  filled_ = got.has_error() ? 0 : *got;
  if (filled_ < buffer_.size()) ended_ = true;
  return filled_ > 0;
}

void text_scanner::skip_byte_order_mark() {
  if (beginning().starts_with("\xEF\xBB\xBF"))
    for (int i = 0; i < 3; ++i) static_cast<void>(take());
}

}  // namespace agon::imports
