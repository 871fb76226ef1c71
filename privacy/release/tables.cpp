// The allow-list of released tables. To add a column here is a decision about
// people's privacy: say in `description` what it is, and in docs/researcher.md what
// it can give away. Columns stand in the order of their names.
#include "privacy/release/tables.hpp"

#include <array>
#include <utility>

namespace agon::release {
namespace {

column of(column_type type, std::string_view name, std::string_view description) {
  return {name, type, description};
}

column or_null(column c) {
  c.nullable = true;
  return c;
}

column number_in(std::string_view name, int decimals, double at_least, double at_most,
                 std::string_view description) {
  column c = of(column_type::number, name, description);
  c.decimals = decimals;
  c.at_least = at_least;
  c.at_most = at_most;
  return c;
}

// Durations: no output, wait or listening lasts longer than a day.
column seconds(std::string_view name, int decimals, std::string_view description) {
  return or_null(number_in(name, decimals, 0, 86'400, description));
}

column count(std::string_view name, double at_least, std::string_view description) {
  column c = of(column_type::integer, name, description);
  c.at_least = at_least;
  c.at_most = 9e15;
  return c;
}

column one_of(std::string_view name, std::vector<std::string_view> values,
              std::string_view description) {
  column c = of(column_type::enumeration, name, description);
  c.values = std::move(values);
  return c;
}

column keyed_id(std::string_view name, std::string_view domain, std::string_view description) {
  column c = of(column_type::pseudonym, name, description);
  c.domain = domain;
  return c;
}

column if_prompt_is_clean(column c) {
  c.measures_content = true;
  return c;
}

column battle() {
  return keyed_id("battle", "battle",
                  "The battle; joins votes, outputs and feedback of this partition only.");
}

table_schema votes() {
  using enum column_type;
  return {"votes",
          "One row per vote: the prompt, who competed in which slot, and who won.",
          {
              of(name, "arena", "The arena, as its file names it."),
              battle(),
              of(day, "day", "The UTC day of the vote."),
              seconds("generation_seconds_a", 2, "Seconds the system in slot a took to answer."),
              seconds("generation_seconds_b", 2, "Seconds the system in slot b took to answer."),
              or_null(of(name, "language", "Language of the prompt (BCP 47), where known.")),
              or_null(of(text, "prompt", "What the systems were asked, redacted.")),
              count("protocol_version", 0, "Version of the arena's questions at the vote."),
              or_null(number_in("sampling_probability", 6, 0, 1,
                                "Probability with which this pair was drawn.")),
              seconds("seconds_heard_a", 1, "Seconds of slot a played before the vote."),
              seconds("seconds_heard_b", 1, "Seconds of slot b played before the vote."),
              of(name, "system_a", "The system in slot a, as shown."),
              of(name, "system_b", "The system in slot b, as shown."),
              one_of("winner", {"a", "b", "tie", "both_bad"}, "The vote."),
          }};
}

// Synthesisers say the same text the same way, so whoever guesses what was redacted in
// a prompt can have the guess spoken and compare. Therefore there is no hash of the
// content, and what measures it is withheld where the prompt is not published in full.
table_schema outputs() {
  using enum column_type;
  return {"outputs",
          "One row per output that a system made, or failed to make, in a released battle.",
          {
              battle(),
              seconds("generation_seconds", 2, "Seconds the system took."),
              if_prompt_is_clean(or_null(
                  number_in("loudness", 1, -200, 50, "Integrated loudness in LUFS, for audio."))),
              or_null(keyed_id("media", "media",
                               "The media file; the file itself is not in the release.")),
              if_prompt_is_clean(seconds("seconds", 2, "Duration of the output, for audio.")),
              one_of("slot", {"a", "b"}, "Where it was shown, or was to be shown."),
              one_of("status", {"shown", "failed", "replaced"},
                     "shown; failed (nothing came); replaced (another system took over)."),
              of(name, "system", "The system."),
              or_null(of(text, "text", "The output, for text; redacted.")),
          }};
}

table_schema feedback() {
  using enum column_type;
  return {"feedback",
          "One row per written answer to a question of the protocol, in a released battle.",
          {
              battle(),
              or_null(one_of(
                  "comment_type",
                  {"critique", "refinement", "correction", "praise", "question", "principle"},
                  "What sort of comment it is.")),
              or_null(of(name, "criterion", "The criterion asked about, if any.")),
              of(day, "day", "The UTC day of the answer."),
              one_of("kind", {"comment"}, "The kind of judgment."),
              of(name, "question", "The question, as the arena file names it."),
              one_of("target", {"battle", "a", "b"}, "What the answer is about."),
              of(text, "text", "The answer, redacted."),
          }};
}

table_schema boards() {
  using enum column_type;
  return {"boards",
          "One row per board and system. Bradley-Terry is computed from the votes of this "
          "partition and can be recomputed from them; other methods are for information.",
          {
              count("both_bad", 0, "Votes in which both were bad."),
              count("losses", 0, "Votes lost."),
              or_null(number_in("lower", 3, -1e9, 1e9, "Lower end of the interval.")),
              of(name, "method", "bradley_terry, elo, ..."),
              or_null(count("rank_lower", 1, "Worst rank that the intervals allow.")),
              or_null(count("rank_upper", 1, "Best rank that the intervals allow.")),
              or_null(number_in("score", 3, -1e9, 1e9, "The score; none unless rated.")),
              of(name, "segment", "overall, or a slice of the votes."),
              one_of("status",
                     {"rated", "no_votes", "only_wins", "only_losses", "separated", "disconnected",
                      "not_converged"},
                     "rated, or why the system has no score."),
              of(name, "system", "The system."),
              count("ties", 0, "Votes that were ties."),
              or_null(number_in("upper", 3, -1e9, 1e9, "Upper end of the interval.")),
              count("votes", 0, "All votes of the system."),
              count("wins", 0, "Votes won."),
          }};
}

table_schema counts() {
  using enum column_type;
  return {"counts",
          "How many votes were cast, published or not, with noise that hides what any one person "
          "gave. One row per cell of each dimension; a row without day, language and systems "
          "counts what is in no other cell.",
          {
              count("count", -9e15, "Votes, with noise: may be negative."),
              or_null(of(day, "day", "The UTC day.")),
              number_in("deviation", 3, 0, 1e9, "Standard deviation of the noise, at most."),
              one_of("dimension", {"day", "language", "pair"}, "What is counted."),
              or_null(of(name, "language", "Language of the prompt.")),
              or_null(of(name, "system_a", "One system of a pair, in any slot.")),
              or_null(of(name, "system_b", "The other.")),
          }};
}

}  // namespace

std::span<const table_schema> tables() {
  static const std::array all{votes(), outputs(), feedback(), boards(), counts()};
  return all;
}

const table_schema* find_table(std::string_view name) {
  for (const table_schema& t : tables())
    if (t.name == name) return &t;
  return nullptr;
}

}  // namespace agon::release
