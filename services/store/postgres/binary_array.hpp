// Arrays as PostgreSQL's binary protocol carries them, for statements that run with every
// vote: neither side prints, quotes or parses.
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "services/core/clock.hpp"
#include "services/core/id.hpp"

namespace agon::store {

// The types of elements, by PostgreSQL's own numbers (pg_type.oid), which never change.
enum class element : std::uint32_t {
  bytea = 17,
  int2 = 21,
  int4 = 23,
  text = 25,
  timestamptz = 1184,
  uuid = 2950,
};

// One dimension, counted from 1. What is added must be of the element's type: PostgreSQL
// refuses an element of another length. Text must be UTF-8 without U+0000, or the statement
// fails with SQLSTATE 22021.
class binary_array {
 public:
  explicit binary_array(element type) : type_(type) {}

  void add(std::string_view bytes);  // text, bytea
  void add(std::int16_t number);
  void add(std::int32_t number);
  void add(time_point t);
  void add(const uuid& id);
  void add_null();

  // The array so far.
  [[nodiscard]] std::string bytes() const;

 private:
  void add_number(std::uint64_t number, unsigned size);

  element type_;
  std::uint32_t count_ = 0;
  bool has_null_ = false;
  std::string elements_;
};

// For session::exec.
[[nodiscard]] inline pqxx::binarystring to_parameter(const binary_array& a) {
  return pqxx::binarystring(a.bytes());
}

}  // namespace agon::store
