// Recorded decisions decided again, and what differs. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/routing/decision.hpp"

namespace agon::routing {

// One line of a recorded set.
struct recorded_decision {
  std::string prompt;
  request stated;
  std::string language;  // as the voter told
  decision decided;
};

// {"prompt": …, "stated": {…}, "language": …,
//  "decision": {"refused": null or a reason, "language": …, "request": {…}, "by": …}}
// stated, language and everything within decision may be absent. errc::invalid_input.
[[nodiscard]] result<recorded_decision> parse_recorded(std::string_view line);
// The reverse, canonical.
[[nodiscard]] std::string to_json_line(const recorded_decision& r);

struct field_agreement {
  std::size_t same = 0;       // the same value in both, or absent in both
  std::size_t missed = 0;     // recorded, not found now
  std::size_t extra = 0;      // found now, not recorded
  std::size_t different = 0;  // another value
};

class comparison {
 public:
  // Counts one. `line` is told among the differences. Of a prompt that either refused,
  // only the refusal is compared.
  void add(std::size_t line, const recorded_decision& before, const decision& now,
           const request_schema& schema);

  [[nodiscard]] std::size_t prompts() const { return prompts_; }
  [[nodiscard]] std::size_t same_refusal() const;
  [[nodiscard]] const std::map<std::string, field_agreement, std::less<>>& fields() const {
    return fields_;
  }
  // For the terminal: who decided, refusals as a table of recorded against now, agreement of
  // each field, and the lines that differ (not their text).
  [[nodiscard]] std::string report() const;

 private:
  std::size_t prompts_ = 0;
  std::map<std::string, std::size_t> deciders_;  // "rules", "rules, endpoint timeout", …
  std::map<std::pair<std::string, std::string>, std::size_t> refusals_;  // recorded, now
  std::map<std::string, field_agreement, std::less<>> fields_;           // and "language"
  std::vector<std::string> differences_;
};

}  // namespace agon::routing
