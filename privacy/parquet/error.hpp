// Why a Parquet file could not be written or read.
#pragma once

#include <boost/system/result.hpp>
#include <string>

namespace agon::parquet {

// One sentence for a person: "the footer is cut off". Never holds a cell's value.
struct parquet_error {
  std::string message;
};

template <class T>
using result = boost::system::result<T, parquet_error>;

// boost::system::result asks for this when value() is called on an error.
[[noreturn]] void throw_exception_from_error(const parquet_error& e, const boost::source_location&);

}  // namespace agon::parquet
