// Why a release was not built, or could not be read.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>

namespace agon::release {

enum class release_errc {
  bad_options,     // arena, partition, day or policy are not what they must be
  already_sealed,  // the target exists; a sealed partition is never overwritten
  bad_row,         // a row is not what its table's schema allows
  check_failed,    // the finished files did not pass their own verification
  storage,         // the disk refused: full, read-only, gone
  finished,        // the builder has been finished or has failed before
};

// Table and column are named where the fault lies in a row; the message is one
// sentence for the operator and never holds the refused value itself, because a
// value that was refused may be personal.
struct release_error {
  release_errc code = release_errc::storage;
  std::string table;
  std::string column;
  std::string message;

  // "table votes, column prompt: …"
  [[nodiscard]] std::string describe() const;
};

[[nodiscard]] std::string_view name_of(release_errc code);

template <class T>
using result = boost::system::result<T, release_error>;

// boost::system::result asks for this when value() is called on an error.
[[noreturn]] void throw_exception_from_error(const release_error& e, const boost::source_location&);

}  // namespace agon::release
