#include "services/systems/prompt_rules.hpp"

#include <re2/re2.h>

#include <stdexcept>

namespace agon::systems {
namespace {

std::unique_ptr<re2::RE2> compile_rule(const prompt_rule& r) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_literal(r.pattern.empty());
  options.set_max_mem(1 << 20);
  return std::make_unique<re2::RE2>(r.pattern.empty() ? r.text : r.pattern, options);
}

// Of a literal, every character of `with` is meant as it stands.
std::string rewrite_of(const prompt_rule& r) {
  if (!r.pattern.empty()) return r.with;
  std::string out;
  for (const char c : r.with) {
    if (c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::vector<field_error> check_prompt_rules(const std::vector<prompt_rule>& rules) {
  std::vector<field_error> wrong;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const prompt_rule& r = rules[i];
    const std::string at = "/" + std::to_string(i);
    if (r.text.empty() == r.pattern.empty()) {
      wrong.push_back({at + "/text", "give one of text and pattern"});
      continue;
    }
    const auto what = compile_rule(r);
    std::string why;
    if (!what->ok())
      wrong.push_back({at + "/pattern", "is no regular expression: " + what->error()});
    else if (re2::RE2::FullMatch("", *what))
      wrong.push_back({at + "/pattern", "must not match nothing"});
    else if (!what->CheckRewriteString(rewrite_of(r), &why))
      wrong.push_back({at + "/with", "names a group that the pattern does not have"});
  }
  return wrong;
}

prompt_rules::prompt_rules(const std::vector<prompt_rule>& rules) {
  if (!check_prompt_rules(rules).empty()) throw std::invalid_argument("a rule for prompts");
  for (const prompt_rule& r : rules) rules_.push_back({compile_rule(r), rewrite_of(r)});
}

prompt_rules::~prompt_rules() = default;

std::string prompt_rules::apply(std::string prompt) const {
  for (const compiled& r : rules_) re2::RE2::GlobalReplace(&prompt, *r.what, r.with);
  return prompt;
}

}  // namespace agon::systems
