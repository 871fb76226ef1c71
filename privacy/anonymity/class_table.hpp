// Records counted by what an attacker may know of them.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace agon::anonymity {

// Records that agree in every quasi-identifier.
struct equivalence_class {
  std::int64_t size = 0;
  std::map<std::string, std::int64_t> sensitive;  // by the sensitive attribute's value
};

// Memory grows with the classes, not with the records.
class class_table {
 public:
  using key = std::vector<std::string>;

  // Adds `count` records. All keys have the same number of values; std::invalid_argument
  // if one does not.
  void add(key k, std::string_view sensitive, std::int64_t count = 1);

  [[nodiscard]] const std::map<key, equivalence_class>& classes() const { return classes_; }
  [[nodiscard]] std::int64_t records() const { return records_; }
  // All records by their sensitive value.
  [[nodiscard]] const std::map<std::string, std::int64_t>& sensitive() const { return sensitive_; }

 private:
  std::map<key, equivalence_class> classes_;
  std::map<std::string, std::int64_t> sensitive_;
  std::int64_t records_ = 0;
};

}  // namespace agon::anonymity
