#include "services/offline/vote_columns.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace agon::offline {
namespace {

using ratings::outcome;

constexpr std::array<std::pair<std::string_view, outcome>, 15> spellings{{
    {"a", outcome::a},
    {"model_a", outcome::a},
    {"system_a", outcome::a},
    {"left", outcome::a},
    {"x", outcome::a},
    {"b", outcome::b},
    {"model_b", outcome::b},
    {"system_b", outcome::b},
    {"right", outcome::b},
    {"y", outcome::b},
    {"tie", outcome::tie},
    {"draw", outcome::tie},
    {"both_bad", outcome::both_bad},
    {"bothbad", outcome::both_bad},
    {"tie (bothbad)", outcome::both_bad},
}};

using name_pair = std::pair<std::string_view, std::string_view>;
constexpr std::array<name_pair, 3> pair_names{{
    {"model_a", "model_b"},
    {"system_a", "system_b"},
    {"left", "right"},
}};
constexpr std::array<std::string_view, 2> winner_names{"winner", "preference"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_but_for_case(std::string_view text, std::string_view spelling) {
  return text.size() == spelling.size() && std::equal(text.begin(), text.end(), spelling.begin(),
                                                      [](char x, char y) { return lower(x) == y; });
}

std::string names_of(const files::row_file& file) {
  constexpr std::size_t most = 20;
  std::string out;
  for (std::size_t i = 0; i < std::min(most, file.columns().size()); ++i)
    out += (i == 0 ? "" : ", ") + files::shown(file.columns()[i]);
  return file.columns().size() > most ? out + ", …" : out;
}

std::optional<files::file_error> find_pair(const files::row_file& file, vote_columns& c) {
  if (c.model_a.empty() != c.model_b.empty())
    return files::file_error{"give both --model-a and --model-b, or neither"};
  if (!c.model_a.empty()) return std::nullopt;
  for (const auto& [a, b] : pair_names) {
    if (!file.has(a) || !file.has(b)) continue;
    if (!c.model_a.empty())
      return files::file_error{"has both " + c.model_a + ", " + c.model_b + " and " +
                               std::string(a) + ", " + std::string(b) +
                               ": say which are the systems with --model-a and --model-b"};
    c.model_a = a;
    c.model_b = b;
  }
  if (c.model_a.empty())
    return files::file_error{
        "has no columns model_a and model_b: name those of the systems with "
        "--model-a and --model-b. It has " +
        names_of(file)};
  return std::nullopt;
}

std::optional<files::file_error> find_winner(const files::row_file& file, vote_columns& c) {
  if (!c.winner.empty()) return std::nullopt;
  for (const std::string_view name : winner_names) {
    if (!file.has(name)) continue;
    if (!c.winner.empty())
      return files::file_error{
          "has both winner and preference: say which holds the outcome with "
          "--winner"};
    c.winner = name;
  }
  if (c.winner.empty())
    return files::file_error{
        "has no column winner: name that of the outcome with --winner. It has " + names_of(file)};
  return std::nullopt;
}

}  // namespace

files::checked<vote_columns> find_columns(const files::row_file& file, vote_columns named) {
  if (auto bad = find_pair(file, named)) return *bad;
  if (auto bad = find_winner(file, named)) return *bad;
  return named;
}

std::optional<outcome> outcome_from_spelling(std::string_view text) {
  for (const auto& [spelling, meant] : spellings)
    if (equal_but_for_case(text, spelling)) return meant;
  return std::nullopt;
}

std::string_view outcome_spellings() {
  return "a, b, tie and both_bad; also model_a, system_a, left, x; model_b, system_b, right, y; "
         "draw; bothbad, tie (bothbad)";
}

}  // namespace agon::offline
