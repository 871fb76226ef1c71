#include "privacy/release/error.hpp"

#include <stdexcept>

namespace agon::release {

std::string_view name_of(release_errc code) {
  switch (code) {
    case release_errc::bad_options:
      return "bad_options";
    case release_errc::already_sealed:
      return "already_sealed";
    case release_errc::bad_row:
      return "bad_row";
    case release_errc::check_failed:
      return "check_failed";
    case release_errc::storage:
      return "storage";
    case release_errc::finished:
      return "finished";
  }
  return "unknown";
}

std::string release_error::describe() const {
  std::string out;
  if (!table.empty()) out += "table " + table;
  if (!column.empty()) out += (out.empty() ? "column " : ", column ") + column;
  if (!out.empty()) out += ": ";
  return out + message;
}

void throw_exception_from_error(const release_error& e, const boost::source_location&) {
  throw std::runtime_error(e.describe());
}

}  // namespace agon::release
