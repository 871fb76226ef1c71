// What a function of the ratings library answers when it refuses data from outside.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <string>

namespace agon::ratings {

struct data_error {
  std::string reason;  // in words, for the log: "row 3: a system against itself"
};

template <typename T>
using checked = boost::system::result<T, data_error>;

// boost::system::result asks for this when value() is called on an error; throws
// std::invalid_argument with the reason.
[[noreturn]] void throw_exception_from_error(const data_error& e, const boost::source_location&);

}  // namespace agon::ratings
