#include "privacy/release/vote_counts.hpp"

#include <algorithm>
#include <set>

#include "privacy/anonymity/hierarchy.hpp"
#include "privacy/release/row_json.hpp"
#include "privacy/release/tables.hpp"

namespace agon::release {
namespace {

constexpr char between_systems = '\n';  // in no name

std::string pair_cell(std::string_view a, std::string_view b) {
  if (b < a) std::swap(a, b);
  return std::string(a).append(1, between_systems).append(b);
}

std::string coarse_language(std::string_view tag, language_detail detail) {
  static const anonymity::hierarchy all = anonymity::hierarchy::of_languages();
  const auto level = static_cast<std::size_t>(detail);
  return all.at(tag, level).value_or(std::string(anonymity::anything));
}

// Each once, in order.
std::vector<std::string> distinct(std::vector<std::string> cells) {
  std::sort(cells.begin(), cells.end());
  cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
  return cells;
}

std::vector<std::string> pairs_of(std::vector<std::string> systems) {
  systems = distinct(std::move(systems));
  std::vector<std::string> out;
  for (std::size_t a = 0; a < systems.size(); ++a)
    for (std::size_t b = a + 1; b < systems.size(); ++b)
      out.push_back(pair_cell(systems[a], systems[b]));
  return out;
}

// All cells and counts in one text, for the seed.
std::string all_counts(const std::vector<dp::dimension>& dimensions) {
  std::string out;
  for (const dp::dimension& d : dimensions) {
    out += d.name + '\0';
    for (const std::string& cell : d.cells) out += cell + '\0';
    for (const auto& [cell, count] : d.counts) out += cell + '\0' + std::to_string(count) + '\0';
  }
  return out;
}

}  // namespace

vote_counts::vote_counts(counts_plan plan, const release_policy& policy)
    : plan_(std::move(plan)), policy_(policy), bound_(plan_.votes_per_person) {
  dimensions_.push_back({"day", distinct(plan_.days), {}});
  if (policy_.language != language_detail::none) {
    std::vector<std::string> languages;
    for (const std::string& tag : plan_.languages)
      if (std::string l = coarse_language(tag, policy_.language); l != anonymity::anything)
        languages.push_back(std::move(l));
    dimensions_.push_back({"language", distinct(std::move(languages)), {}});
  }
  if (plan_.systems.size() <= most_systems_in_pairs)
    dimensions_.push_back({"pair", pairs_of(plan_.systems), {}});
}

void vote_counts::add(const counted_vote& v) {
  if (!bound_.take(v.person)) return;
  for (dp::dimension& d : dimensions_) {
    if (d.name == "day")
      ++d.counts[std::string(v.day)];
    else if (d.name == "language")
      ++d.counts[coarse_language(v.language, policy_.language)];
    else
      ++d.counts[pair_cell(v.system_a, v.system_b)];
  }
}

std::vector<std::vector<value>> vote_counts::rows(const partition_key& key,
                                                  manifest_counts& about) const {
  const table_schema& schema = *find_table("counts");
  const auto share = plan_.budget.billionths / static_cast<std::int64_t>(dimensions_.size());
  seeded_random random(key.noise_seed(all_counts(dimensions_)));
  const dp::noisy_counts noisy =
      dp::add_noise(dimensions_, {plan_.votes_per_person, {share}}, random);
  about.published = true;
  about.votes_per_person = plan_.votes_per_person;
  about.rho_billionths = noisy.spent.billionths;
  about.period = plan_.period;
  for (const dp::dimension& d : dimensions_) about.dimensions.push_back(d.name);
  std::vector<std::vector<value>> out;
  for (const dp::noisy_count& n : noisy.rows) {
    std::vector<value> cells(schema.columns.size());
    const auto set = [&](std::string_view column, value v) {
      cells[schema.place_of(column)] = std::move(v);
    };
    about.deviation = rounded(n.deviation, 3);
    set("dimension", n.dimension);
    set("count", n.count);
    set("deviation", about.deviation);
    if (n.cell == "other") {
      // all null
    } else if (n.dimension == "pair") {
      const std::size_t at = n.cell.find(between_systems);
      set("system_a", n.cell.substr(0, at));
      set("system_b", n.cell.substr(at + 1));
    } else {
      set(n.dimension, n.cell);
    }
    out.push_back(std::move(cells));
  }
  return out;
}

}  // namespace agon::release
