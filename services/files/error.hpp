// Why a file could not be read, or what in it was refused.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace agon::files {

struct file_error {
  std::string reason;      // in words for whoever gave the file
  std::uint64_t line = 0;  // from 1; 0 if it is about the whole file
  bool row = false;        // of Parquet: `line` counts rows
};

// "line 7: …", "row 7: …", or the reason alone.
[[nodiscard]] std::string to_text(const file_error& e);

template <class T>
using checked = boost::system::result<T, file_error>;

// boost::system::result asks for this when value() is called on an error; throws
// std::invalid_argument with the text.
[[noreturn]] void throw_exception_from_error(const file_error& e, const boost::source_location&);

// Text of a file in double quotes for a message: cut after 60 bytes, and what a terminal
// could take for a command replaced.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace agon::files
