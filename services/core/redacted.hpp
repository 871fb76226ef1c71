// A value that must not reach a log, an exception or a message: it prints as ***.
#pragma once

#include <fmt/format.h>

#include <ostream>
#include <string>
#include <utility>

namespace agon {

template <class T>
class redacted {
 public:
  redacted() = default;
  explicit redacted(T value) : value_(std::move(value)) {}
  // The one way to the value: easy to search for.
  [[nodiscard]] const T& reveal() const { return value_; }
  [[nodiscard]] bool operator==(const redacted&) const = default;

 private:
  T value_{};
};

template <class T>
std::ostream& operator<<(std::ostream& out, const redacted<T>&) {
  return out << "***";
}

using secret = redacted<std::string>;

}  // namespace agon

template <class T>
struct fmt::formatter<agon::redacted<T>> : fmt::formatter<std::string_view> {
  auto format(const agon::redacted<T>&, format_context& ctx) const {
    return fmt::formatter<std::string_view>::format("***", ctx);
  }
};
