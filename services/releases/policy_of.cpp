#include "services/releases/policy_of.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "services/core/clock.hpp"
#include "services/core/version.hpp"

namespace agon::releases {
namespace {

constexpr double billion = 1e9;
constexpr std::chrono::days longest_span{400};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

time_point noon_of(const std::string& day) {
  return parse_rfc3339(day + "T12:00:00Z").value();
}

}  // namespace

release::release_policy policy_of(const arena::release_rule& rule) {
  release::release_policy policy;
  policy.cool_off_hours = rule.cool_off_hours;
  policy.consent_purposes = {"publish_votes", "publish_text"};
  policy.k = rule.k;
  policy.language =
      release::language_detail_from(rule.language).value_or(release::language_detail::none);
  policy.counts_rho = std::llround(rule.rho * billion);
  policy.counted_votes = rule.counted_votes;
  return policy;
}

release::release_policy policy_of(const partition& p) {
  return release::policy_from_json(p.policy);
}

release::release_options options_of(const release_store::arena_row& arena,
                                    const arena::arena& definition, const partition& p,
                                    std::string url) {
  release::release_options options{
      .arena = arena.slug,
      .arena_title = definition.title,
      .partition = p.name,
      .created_day = p.created_day,
      .code_version = std::string(version()) + " (" + std::string(revision()) + ")",
      .license = lower(definition.release.licence),
      .policy = policy_of(p),
      .key = release::partition_key::from_bytes(p.key)};
  options.url = std::move(url);
  return options;
}

release::counts_plan counts_of(const release_store::arena_row& arena,
                               const arena::arena& definition, const partition& p,
                               const std::vector<partition>& all) {
  const release::release_policy policy = policy_of(p);
  release::counts_plan plan;
  plan.languages = definition.languages;
  for (const auto& [id, slug] : arena.systems) plan.systems.push_back(slug);
  plan.votes_per_person = static_cast<std::uint32_t>(policy.counted_votes);
  plan.budget = {policy.counts_rho};
  plan.period = p.created_day.substr(0, 4);

  std::string first = arena.created_day;
  for (const partition& before : all)
    if (before.to_txid == p.from_txid && before.name != p.name) first = before.created_day;
  const time_point last = noon_of(p.created_day);
  time_point day = noon_of(first) - std::chrono::hours(policy.cool_off_hours);
  for (day = std::max(day, last - longest_span); day <= last; day += std::chrono::days(1))
    plan.days.push_back(to_rfc3339(day).substr(0, 10));
  return plan;
}

error refused(const release::release_error& e) {
  return fail(errc::internal, "The release was refused: " + e.describe());
}

}  // namespace agon::releases
