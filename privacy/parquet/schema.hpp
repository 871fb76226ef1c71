// What a Parquet file of ours holds: named columns of rows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace agon::parquet {

enum class type {
  boolean,
  int32,
  int64,
  real,         // double precision
  string,       // valid UTF-8
  date,         // days since 1970-01-01
  timestamp,    // microseconds since 1970-01-01; read, never written
  string_list,  //
  real_list,    //
  other,        // exists in the file and cannot be read here
};

struct column {
  std::string name;
  parquet::type type = type::string;
  bool optional = false;

  friend bool operator==(const column&, const column&) = default;
};

// One cell of a row. monostate is null; integers, dates and timestamps are int64_t. Texts
// and lists are views: those given to the writer may go once add() returns, those from
// the reader are valid until its next call. A list holds no nulls.
using cell = std::variant<std::monostate, bool, std::int64_t, double, std::string_view,
                          std::span<const std::string_view>, std::span<const double>>;

}  // namespace agon::parquet
