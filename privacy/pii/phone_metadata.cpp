#include "privacy/pii/phone_metadata.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace agon::pii {
namespace {

// All plans of one calling code; the patterns of equal length are joined, and made
// ready when first asked for.
class calling_code {
 public:
  void add(const phone_plan& plan) {
    std::string& joined = by_lengths_[plan.lengths];
    if (!joined.empty()) joined += '|';
    joined += plan.pattern;
    prefix_ = plan.national_prefix;
  }

  [[nodiscard]] std::string_view prefix() const { return prefix_; }

  [[nodiscard]] phone_validity validity(std::string_view national) {
    std::call_once(once_, [this] {
      for (const auto& [lengths, pattern] : by_lengths_)
        ready_.push_back({lengths, std::make_unique<RE2>(pattern)});
    });
    phone_validity best = phone_validity::impossible;
    for (const ready& r : ready_) {
      if (national.size() > 20 || ((r.lengths >> national.size()) & 1U) == 0) continue;
      best = std::max(best, phone_validity::possible);
      if (RE2::FullMatch({national.data(), national.size()}, *r.pattern))
        return phone_validity::valid;
    }
    return best;
  }

 private:
  struct ready {
    std::uint32_t lengths;
    std::unique_ptr<RE2> pattern;
  };
  std::string_view prefix_;
  std::map<std::uint32_t, std::string> by_lengths_;
  std::once_flag once_;
  std::vector<ready> ready_;
};

using code_book = std::map<std::string_view, calling_code>;

code_book& all_calling_codes() {
  static code_book* const book = [] {
    auto* b = new code_book;  // for the life of the process
    for (std::size_t i = 0; i < phone_plan_count; ++i)
      (*b)[phone_plans[i].calling_code].add(phone_plans[i]);
    return b;
  }();
  return *book;
}

}  // namespace

phone_validity validity_of_international(std::string_view digits) {
  code_book& book = all_calling_codes();
  // No calling code is the beginning of another.
  auto code = book.end();
  std::size_t n = 1;
  for (; n <= 3 && n <= digits.size() && code == book.end(); ++n)
    code = book.find(digits.substr(0, n));
  if (code == book.end()) return phone_validity::unknown_country;
  std::string_view national = digits.substr(n - 1);
  const phone_validity as_written = code->second.validity(national);
  // "+44 (0)20…": the national prefix is often written where it does not belong.
  const std::string_view prefix = code->second.prefix();
  if (as_written == phone_validity::valid || prefix.empty() ||
      national.substr(0, prefix.size()) != prefix)
    return as_written;
  national.remove_prefix(prefix.size());
  return std::max(as_written, code->second.validity(national));
}

}  // namespace agon::pii
