#include "services/store/postgres/tally_source.hpp"

#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

constexpr statement read_tallies{
    "tallies_for_sampling",
    "select system_a, system_b, wins_a, wins_b, ties, both_bad from agon.tally "
    "where arena_id = $1::int and segment = ''"};

class postgres_tally_source final : public arena::tally_source {
 public:
  explicit postgres_tally_source(pool& calls) : calls_(calls) {}

  awaitable<result<std::vector<arena::pair_tally>>> tallies(int arena) override {
    return calls_.run({.name = "tallies", .retry = true}, [arena](session& db) {
      std::vector<arena::pair_tally> all;
      for (const auto& row : db.exec(read_tallies, arena))
        all.push_back({int_of(row[0]), int_of(row[1]), integer_of(row[2]), integer_of(row[3]),
                       integer_of(row[4]), integer_of(row[5])});
      return all;
    });
  }

 private:
  pool& calls_;
};

}  // namespace

std::unique_ptr<arena::tally_source> make_tally_source(pool& calls) {
  return std::make_unique<postgres_tally_source>(calls);
}

}  // namespace agon::store
