#include "services/routing/text_fields.hpp"

#include <re2/re2.h>

#include <charconv>

#include "services/feedback/text_rules.hpp"
#include "services/routing/folded_words.hpp"

namespace agon::routing {
namespace {

constexpr double longest_duration = 86'400;

struct duration_unit {
  double seconds;
  const char* words;  // alternatives of a regular expression, longest first
};
constexpr duration_unit duration_units[] = {
    {3600, "hours?|hrs?|stunden?|std|heures?|horas?|ore|ora|uur|uren|h"},
    {60, "minutes?|minuten?|minutos?|minuti|minuto|minuut|mins?|m"},
    {1, "seconds?|sekunden?|secondes?|segundos?|secondi|secondo|seconden|secs?|sek|seg|s"},
};
constexpr const char* number_words =
    "half an?|half a|a|an|one|two|three|four|five|ten|"
    "eine halbe|einer halben|eine|einer|zwei|drei|vier|fünf|zehn|"
    "une demi|une|deux|trois|quatre|cinq|dix|"
    "media|medio|una|un|dos|tres|cuatro|cinco|diez|mezzo|mezza|due|tre|quattro|cinque|dieci|"
    "meia|meio|uma|um|duas|dois|três|quatro|dez|een halve|een|twee|drie|vijf|tien";

double value_of_word(const std::string& word) {
  struct entry {
    double value;
    const char* words;
  };
  static constexpr entry values[] = {
      {0.5,
       "half an?|half a|eine halbe|einer halben|une demi|media|medio|mezzo|mezza|meia|meio|een "
       "halve"},
      {2, "two|zwei|deux|dos|due|duas|dois|twee"},
      {3, "three|drei|trois|tres|tre|três|drie"},
      {4, "four|vier|quatre|cuatro|quattro|quatro"},
      {5, "five|fünf|cinq|cinco|cinque|vijf"},
      {10, "ten|zehn|dix|diez|dieci|dez|tien"},
  };
  for (const entry& e : values)
    if (RE2::FullMatch(word, std::string("(?i)(?:") + e.words + ")")) return e.value;
  return 1;
}

std::optional<double> decimal(std::string text) {
  for (char& c : text)
    if (c == ',') c = '.';
  double n = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

const RE2& amount_pattern() {
  static const RE2 pattern = [] {
    std::string units;
    for (const duration_unit& u : duration_units)
      units += (units.empty() ? "(" : "|(") + std::string(u.words) + ")";
    return std::string("(?i)(?:^|[^\\pL\\pN.,:])(?:([0-9]{1,5}(?:[.,][0-9]{1,2})?)|(") +
           number_words + "))[\\s\\-‐‑–]*(?:" + units + ")(?:$|[^\\pL\\pN])";
  }();
  return pattern;
}

const RE2& clock_pattern() {
  static const RE2 pattern(
      "(?i)(?:^|[^\\pL\\pN.,:])([0-9]{1,2}):([0-5][0-9])\\s*(?:min|minutes?|minuten|minutos|minuti|"
      "long|lang|m)(?:$|[^\\pL\\pN])");
  return pattern;
}

}  // namespace

std::optional<double> find_duration(std::string_view prompt) {
  const std::string text(prompt);
  std::string minutes, seconds;
  if (RE2::PartialMatch(text, clock_pattern(), &minutes, &seconds))
    return std::stod(minutes) * 60 + std::stod(seconds);
  double total = 0;
  std::size_t unit_before = std::size(duration_units);
  re2::StringPiece rest(text);
  std::optional<std::size_t> end_before;
  std::string digits, word, hour, minute, second;
  const char* const begin = rest.data();
  while (RE2::FindAndConsume(&rest, amount_pattern(), &digits, &word, &hour, &minute, &second)) {
    const auto end = static_cast<std::size_t>(rest.data() - begin);
    const std::size_t unit = !hour.empty() ? 0 : !minute.empty() ? 1 : 2;
    const auto amount = digits.empty() ? std::optional(value_of_word(word)) : decimal(digits);
    if (!amount) continue;
    // "1 min 30 s" goes on; "3 seconds … then 5 seconds" does not.
    const bool goes_on = !end_before || (unit > unit_before && end - *end_before <= 24);
    if (!goes_on) break;
    total += *amount * duration_units[unit].seconds;
    unit_before = unit;
    end_before = end;
    // The sign behind a unit may be the one before the next number.
    if (end > 0 && rest.data() > begin) rest = re2::StringPiece(rest.data() - 1, rest.size() + 1);
    if (rest.size() >= text.size()) break;
  }
  if (total <= 0 || total > longest_duration) return std::nullopt;
  return total;
}

std::optional<double> find_bpm(std::string_view prompt) {
  static const RE2 before(
      "(?i)(?:^|[^\\pL\\pN.,:])([0-9]{2,3})\\s*-?\\s*(?:bpm|beats per minute|"
      "schläge pro minute|battements par minute|pulsaciones por minuto|battiti al minuto|"
      "batidas por minuto|slagen per minuut)(?:$|[^\\pL\\pN])");
  static const RE2 after(
      "(?i)(?:^|[^\\pL\\pN])(?:bpm|tempo)\\s*(?:of|von|de|di|van|at|is|[:=])?\\s*([0-9]{2,3})"
      "(?:$|[^\\pL\\pN.,:])");
  const std::string text(prompt);
  int found = 0;
  if (!RE2::PartialMatch(text, before, &found) && !RE2::PartialMatch(text, after, &found))
    return std::nullopt;
  if (found < 20 || found > 400) return std::nullopt;
  return found;
}

std::optional<bool> find_instrumental(std::string_view folded) {
  static constexpr std::string_view with_voice[] = {
      "not instrumental", "non instrumental", "nicht instrumental",
      "pas instrumental", "no instrumental",  "with vocals",
      "with lyrics",      "with singing",     "mit gesang",
      "mit text",         "avec paroles",     "avec chant",
      "con voz",          "con letra",        "con voce",
      "con testo",        "com voz",          "com letra",
      "met zang"};
  static constexpr std::string_view without_voice[] = {
      "instrumental",  "instrumentals", "instrumentale", "instrumentales", "strumentale",
      "instrumentaal", "no vocals",     "no vocal",      "without vocals", "without lyrics",
      "no lyrics",     "no singing",    "no voice",      "without voice",  "ohne gesang",
      "ohne stimme",   "ohne text",     "sans paroles",  "sans voix",      "sans chant",
      "sin voz",       "sin letra",     "senza voce",    "senza testo",    "sem voz",
      "sem letra",     "zonder zang"};
  for (const std::string_view p : with_voice)
    if (holds_phrase(folded, p)) return false;
  for (const std::string_view p : without_voice)
    if (holds_phrase(folded, p)) return true;
  return std::nullopt;
}

std::optional<std::string> find_lyrics(std::string_view prompt) {
  static const RE2 label(
      "(?is)(?:^|[\\n.;,(])\\s*(?:with (?:the )?)?(?:lyrics|songtext|liedtext|paroles|letra|testo|"
      "songtekst)\\s*:\\s*(.+)$");
  static const RE2 section(
      "(?is)(?:^|\\n)\\s*(\\[(?:verse|chorus|bridge|intro|outro|refrain|strophe|pre-chorus|hook|"
      "couplet|estribillo|verso|ritornello|strofa|refrão)[^\\]\\n]{0,20}\\].*)$");
  std::string found;
  const std::string text(prompt);
  if (!RE2::PartialMatch(text, label, &found) && !RE2::PartialMatch(text, section, &found))
    return std::nullopt;
  found = feedback::tidy(found);
  if (found.empty()) return std::nullopt;
  return found;
}

}  // namespace agon::routing
