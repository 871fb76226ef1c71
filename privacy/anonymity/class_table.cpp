#include "privacy/anonymity/class_table.hpp"

#include <stdexcept>

namespace agon::anonymity {

void class_table::add(key k, std::string_view sensitive, std::int64_t count) {
  if (!classes_.empty() && classes_.begin()->first.size() != k.size())
    throw std::invalid_argument("keys of one table have the same quasi-identifiers");
  if (count < 1) throw std::invalid_argument("a count of records is positive");
  equivalence_class& c = classes_[std::move(k)];
  c.size += count;
  c.sensitive[std::string(sensitive)] += count;
  sensitive_[std::string(sensitive)] += count;
  records_ += count;
}

}  // namespace agon::anonymity
