#include "privacy/release/variables.hpp"

#include <algorithm>

#include "privacy/anonymity/diversity.hpp"
#include "privacy/anonymity/risk.hpp"
#include "privacy/release/row_json.hpp"

namespace agon::release {
namespace {

constexpr std::size_t most_listed = 200;
constexpr int risk_decimals = 6;

void count_text(variable& into, std::string_view text) {
  if (into.many) return;
  if (const auto at = into.values.find(text); at != into.values.end()) {
    ++at->second;
    return;
  }
  into.values.emplace(text, 1);
  if (into.values.size() <= most_listed) return;
  into.many = true;
  into.values.clear();
}

void count_number(variable& into, double v) {
  into.least = into.least ? std::min(*into.least, v) : v;
  into.greatest = into.greatest ? std::max(*into.greatest, v) : v;
}

void count_day(variable& into, const std::string& day) {
  if (into.first.empty() || day < into.first) into.first = day;
  if (day > into.last) into.last = day;
}

}  // namespace

void variable_counter::add(const std::vector<value>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    variable& into = variables_[i];
    const column_type type = table_.columns[i].type;
    if (std::holds_alternative<std::monostate>(cells[i]))
      ++into.nulls;
    else if (const auto* text = std::get_if<std::string>(&cells[i])) {
      if (type == column_type::name || type == column_type::enumeration) count_text(into, *text);
      if (type == column_type::day) count_day(into, *text);
    } else if (const auto* number = std::get_if<double>(&cells[i])) {
      count_number(into, *number);
    } else if (const auto* integer = std::get_if<std::int64_t>(&cells[i])) {
      count_number(into, static_cast<double>(*integer));
    } else {
      count_text(into, std::get<bool>(cells[i]) ? "true" : "false");
    }
  }
}

table_variables variable_counter::counted() const {
  table_variables out;
  for (std::size_t i = 0; i < variables_.size(); ++i)
    out.emplace(table_.columns[i].name, variables_[i]);
  return out;
}

release_risk risk_of(const anonymity::class_table& votes) {
  const anonymity::risk r = anonymity::prosecutor_risk(votes);
  const auto brief = [](double v) { return rounded(v, risk_decimals); };
  release_risk out;
  out.records = r.records;
  out.classes = r.classes;
  out.smallest = r.smallest;
  out.highest = brief(r.highest);
  out.average = brief(r.average);
  out.at_risk = brief(r.at_risk);
  out.uniqueness = brief(r.uniqueness);
  out.marketer = brief(anonymity::marketer_risk(votes));
  out.distinct_l = anonymity::least_distinct_l(votes);
  out.entropy_l = brief(anonymity::least_entropy_l(votes));
  out.distance_t = brief(anonymity::greatest_distance(votes));
  return out;
}

}  // namespace agon::release
