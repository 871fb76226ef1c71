#include "privacy/release/quasi_identifiers.hpp"

#include "privacy/anonymity/hierarchy.hpp"
#include "privacy/anonymity/recoding.hpp"

namespace agon::release {
namespace {

using anonymity::class_table;

constexpr std::string_view language_column = "language";

const anonymity::hierarchy& languages() {
  static const anonymity::hierarchy all = anonymity::hierarchy::of_languages();
  return all;
}

std::size_t level_of(const release_policy& policy) {
  return static_cast<std::size_t>(policy.language);
}

std::string text_or_anything(const value& v) {
  const auto* text = std::get_if<std::string>(&v);
  return text != nullptr ? *text : std::string(anonymity::anything);
}

}  // namespace

bool quasi_identifiers::recode(const table_schema& table, std::vector<value>& cells) {
  if (table.name != "votes") return false;
  value& cell = cells[table.place_of(language_column)];
  const std::string before = text_or_anything(cell);
  const std::string after =
      languages().at(before, level_of(policy_)).value_or(std::string(anonymity::anything));
  cell = after == anonymity::anything ? value() : value(after);
  count_class(table, cells, votes_);
  return after != before;
}

void quasi_identifiers::decide() {
  withheld_ = anonymity::to_suppress(votes_, {.k = policy_.k, .most_suppressed = 1});
}

bool quasi_identifiers::withhold(const table_schema& table, std::vector<value>& cells) const {
  if (table.name != "votes") return false;
  value& cell = cells[table.place_of(language_column)];
  if (std::holds_alternative<std::monostate>(cell) ||
      withheld_.count({text_or_anything(cell)}) == 0)
    return false;
  cell = std::monostate();
  return true;
}

void count_class(const table_schema& votes, const std::vector<value>& cells, class_table& into) {
  into.add({text_or_anything(cells[votes.place_of(language_column)])},
           std::get<std::string>(cells[votes.place_of("winner")]));
}

std::string anonymity_problem(const release_policy& policy, const class_table& votes) {
  for (const auto& [key, c] : votes.classes()) {
    const std::string& language = key.front();
    if (languages().at(language, level_of(policy)) != language)
      return "a language is finer than the policy allows";
    if (c.size < policy.k && votes.classes().size() > 1)
      return "a language, or its absence, stands in fewer than " + std::to_string(policy.k) +
             " votes";
    if (c.size < policy.k && language != anonymity::anything)
      return "a language stands in fewer than " + std::to_string(policy.k) + " votes";
  }
  return "";
}

}  // namespace agon::release
