#include "privacy/release/board_rows.hpp"

#include <cstdint>
#include <optional>

#include "privacy/release/tables.hpp"
#include "ratings/board.hpp"

namespace agon::release {
namespace {

template <class T>
value maybe(const std::optional<T>& v) {
  if (!v) return {};
  if constexpr (std::is_floating_point_v<T>)
    return *v;
  else
    return static_cast<std::int64_t>(*v);
}

value count(std::uint64_t n) {
  return static_cast<std::int64_t>(n);
}

release_error bad_vote(const char* column, const char* message) {
  return {release_errc::bad_row, "votes", column, message};
}

}  // namespace

result<void> count_vote(ratings::tally& votes, const std::vector<value>& cells) {
  const table_schema& schema = *find_table("votes");
  const auto text = [&](std::string_view column) {
    return std::get<std::string>(cells[schema.place_of(column)]);
  };
  const std::string a = text("system_a");
  const std::string b = text("system_b");
  const auto outcome = ratings::outcome_from_text(text("winner"));
  if (a == b) return bad_vote("system_b", "a system against itself");
  if (!outcome) return bad_vote("winner", "not an outcome");
  const auto is_new = [&](const std::string& s) { return !votes.systems().find(s); };
  const std::size_t more = std::size_t{is_new(a)} + std::size_t{is_new(b)};
  if (votes.systems().size() + more > ratings::roster::capacity)
    return bad_vote("system_a", "more systems than a board can hold");
  votes.add(a, b, *outcome);
  return {};
}

std::vector<std::vector<value>> bradley_terry_rows(
    const ratings::tally& votes, const ratings::bradley_terry_settings& settings) {
  const table_schema& schema = *find_table("boards");
  std::vector<std::vector<value>> rows;
  for (const ratings::board_entry& e : ratings::make_bradley_terry_board(votes, settings).entries) {
    std::vector<value> cells(schema.columns.size());
    const auto set = [&](std::string_view column, value v) {
      cells[schema.place_of(column)] = std::move(v);
    };
    set("method", std::string(verified_method));
    set("segment", std::string(verified_segment));
    set("system", e.system);
    set("status", std::string(ratings::to_text(e.status)));
    set("score", maybe(e.score));
    set("lower", maybe(e.lower));
    set("upper", maybe(e.upper));
    set("rank_lower", maybe(e.rank_lower));
    set("rank_upper", maybe(e.rank_upper));
    set("votes", count(e.votes));
    set("wins", count(e.wins));
    set("losses", count(e.losses));
    set("ties", count(e.ties));
    set("both_bad", count(e.both_bad));
    rows.push_back(std::move(cells));
  }
  return rows;
}

}  // namespace agon::release
