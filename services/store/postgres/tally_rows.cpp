#include "services/store/postgres/tally_rows.hpp"

#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

constexpr statement find_tally{
    "tally_find",
    "select system_a, system_b, wins_a, wins_b, ties, both_bad from agon.tally "
    "where arena_id = $1::int and segment = $2 order by system_a, system_b"};

}  // namespace

std::vector<boards::tally_row> find_tallies(session& db, int arena, const std::string& segment) {
  std::vector<boards::tally_row> rows;
  for (const auto& row : db.exec(find_tally, arena, segment))
    rows.push_back({int_of(row[0]), int_of(row[1]), integer_of(row[2]), integer_of(row[3]),
                    integer_of(row[4]), integer_of(row[5])});
  return rows;
}

}  // namespace agon::store
