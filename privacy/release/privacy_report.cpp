// The privacy report: the three questions of the Article 29 Working Party's opinion 05/2014
// (WP216) — singling out, linking, inferring — answered with this partition's numbers.
#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/release/documents.hpp"

namespace agon::release {
namespace {

std::string percent(double share) {
  return crypto::canonical_json(static_cast<double>(static_cast<long long>(share * 10000 + .5)) /
                                100) +
         " %";
}

std::string detail_words(language_detail d) {
  switch (d) {
    case language_detail::tag:
      return "in full";
    case language_detail::primary:
      return "without region or script";
    case language_detail::none:
      return "not at all";
  }
  return "not at all";
}

std::string singling_out(const manifest& m) {
  const release_risk& r = m.risk;
  return "## Can one person's vote be picked out?\n\n"
         "What the files tell of a person, besides the vote itself, is the language of the prompt. "
         "It is published " +
         detail_words(m.policy.language) + ", and one that would stand in fewer than " +
         std::to_string(m.policy.k) +
         " votes is left out.\n\n"
         "- Votes that look alike form a group. There " +
         std::string(r.classes == 1 ? "is 1 group"
                                    : "are " + std::to_string(r.classes) + " groups") +
         ", the smallest of " + std::to_string(r.smallest) +
         " votes.\n"
         "- Somebody who knows that you voted, and in which language, would find your vote by "
         "guessing with a chance of at most " +
         percent(r.highest) + ", on average " + percent(r.average) +
         ".\n"
         "- Votes that are alone in their group: " +
         percent(r.uniqueness) +
         ".\n\n"
         "Days and systems are published as they are. Who knows on which day you voted, and "
         "between "
         "which systems, can do better than these numbers say.\n\n";
}

std::string linking(const manifest& m) {
  return "## Can votes of one person be put together?\n\n"
         "Not by anything in these files that was made for it: there is no number of a person, and "
         "the numbers of battles were made with a key that was destroyed when this partition was "
         "sealed. The same vote would have another number anywhere else, and nobody can compute "
         "it again, the operator included. The order of rows was shuffled with the same key.\n\n"
         "How somebody writes can give a person away, here as everywhere: " +
         std::to_string(m.rows_of("feedback")) +
         " comments and the prompts are in people's own words.\n\n";
}

std::string inferring(const manifest& m) {
  const release_risk& r = m.risk;
  return "## Can something be learned of a person from the group?\n\n"
         "In every group at least " +
         std::to_string(r.distinct_l) + " different votes were given (effective number " +
         crypto::canonical_json(r.entropy_l) +
         "), and no group's votes differ from everybody's by more than " + percent(r.distance_t) +
         ".\n\n";
}

std::string text_search(const manifest& m) {
  std::int64_t all = 0;
  std::string found;
  for (const auto& [kind, count] : m.redacted) {
    found += "| " + kind + " | " + std::to_string(count) + " |\n";
    all += count;
  }
  std::string out =
      "## What was taken out of texts?\n\n"
      "A program looks through every prompt, output and comment for addresses, numbers of people "
      "and accounts, keys and names, and puts a placeholder in their place. ";
  if (all == 0) return out + "It found nothing here.\n\n";
  return out + "It did so " + std::to_string(all) +
         " times here.\n\n| kind | times |\n|---|---|\n" + found +
         "\nIt misses some: of what has a form nearly nothing, of names of people about one in "
         "five. Nobody has read a sample of this partition, so no bound on what is left is "
         "stated.\n\n";
}

std::string noisy_numbers(const manifest& m) {
  const manifest_counts& c = m.counts;
  std::string out = "## The counts with noise\n\n";
  if (!c.published) return out + "There are none here. " + c.reason + "\n";
  std::string dimensions;
  for (const std::string& d : c.dimensions) dimensions += (dimensions.empty() ? "" : ", ") + d;
  return out + "The table `counts` tells how many votes were cast by " + dimensions +
         ", those included that are not published. To each number random noise was added "
         "(discrete Gaussian, standard deviation " +
         crypto::canonical_json(c.deviation) + "), and no person moves them by more than " +
         std::to_string(c.votes_per_person) +
         " votes. So they tell next to nothing about whether you voted at all.\n\n"
         "For specialists: ρ = " +
         rho_text(c.rho_billionths) +
         " of zero-concentrated differential privacy per person, which is (ε = " +
         epsilon_text(c.rho_billionths) + ", δ = 10⁻⁶); charged to the arena's budget of " +
         c.period + ". This holds for the table `counts` alone, not for the rows.\n";
}

}  // namespace

std::string privacy_report_json(const manifest& m) {
  const release_risk& r = m.risk;
  const manifest_counts& c = m.counts;
  nlohmann::json noise = {{"published", c.published}};
  if (c.published)
    noise.update({{"mechanism", "discrete_gaussian"},
                  {"dimensions", c.dimensions},
                  {"votes_per_person", c.votes_per_person},
                  {"deviation", c.deviation},
                  {"rho_billionths", c.rho_billionths},
                  {"epsilon", std::stod(epsilon_text(c.rho_billionths))},
                  {"delta", 1e-6},
                  {"period", c.period}});
  else
    noise["reason"] = c.reason;
  return crypto::canonical_json(
             {{"arena", m.arena},
              {"partition", m.partition},
              {"revision", m.revision()},
              {"quasi_identifiers", {"language"}},
              {"singling_out",
               {{"k_required", m.policy.k},
                {"k_reached", r.smallest},
                {"records", r.records},
                {"classes", r.classes},
                {"uniqueness", r.uniqueness},
                {"prosecutor",
                 {{"highest", r.highest}, {"average", r.average}, {"at_risk", r.at_risk}}},
                {"marketer", r.marketer}}},
              {"linkability",
               {{"participant_ids", "none"},
                {"ids", "keyed, key destroyed"},
                {"row_order", "shuffled"}}},
              {"inference",
               {{"sensitive", "winner"},
                {"distinct_l", r.distinct_l},
                {"entropy_l", r.entropy_l},
                {"distance_t", r.distance_t}}},
              {"finders", m.redacted},
              {"review", {{"texts_reviewed", 0}, {"leak_rate_bound", nullptr}}},
              {"counts", noise}}) +
         "\n";
}

std::string privacy_report(const manifest& m) {
  return "# Privacy report of " + m.arena_title + ", " + m.partition +
         "\n\nWhat somebody could learn about you if your votes were among these " +
         std::to_string(m.rows_of("votes")) +
         ". The same numbers for programs are in `PRIVACY_REPORT.json`; `agon verify` computes "
         "them again from the rows.\n\n" +
         singling_out(m) + linking(m) + inferring(m) + text_search(m) + noisy_numbers(m);
}

}  // namespace agon::release
