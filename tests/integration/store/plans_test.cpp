// The plans of hot queries, on tables as large as a busy month.
#include <gmock/gmock.h>

#include "services/store/postgres/battle_rows.hpp"
#include "services/store/postgres/judgment_rows.hpp"
#include "services/store/postgres/rating_store.hpp"
#include "services/store/postgres/session.hpp"
#include "tests/integration/store/sample_data.hpp"

namespace agon::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class plans : public testing::Test {
 protected:
  static constexpr int votes = 100'000;

  // One database for all: filling it takes a while.
  static void SetUpTestSuite() {
    db = std::make_unique<database>();
    add_arena(*db);
    // Ids of the last hours, in order, as they come; a thousand votes a transaction.
    db->sql(
        "create function pg_temp.id_at(n int) returns uuid language sql as $$ select"
        " overlay(overlay(gen_random_uuid()::text placing substr(agon.first_uuid_of(now() -"
        " interval '1 hour' + n * interval '20 ms')::text, 1, 13) from 1) placing '7' from 15)"
        "::uuid $$;"
        "insert into agon.battle (arena_id, id, participant_id, arena_version, protocol_version,"
        " state, prompt, prompt_source, slot_system, slot_output, generation_seconds,"
        " required_seconds, heard_seconds, sampling_probability, sampling_policy, consent_sha256,"
        " purposes, created_at, ready_at, expires_at) select 1, pg_temp.id_at(n),"
        " gen_random_uuid(), 1, 1, 'ready', 'hello', 'typed', '{1,2}', array[gen_random_uuid(),"
        " gen_random_uuid()], '{1,1}', '{1,1}', '{2,2}', 0.5, 'weights', '', '{be_counted}', now(),"
        " now(), now() from generate_series(1, " +
        std::to_string(votes) + ") n");
    db->sql(
        "do $$ begin for i in 0.." + std::to_string(votes / 1000 - 1) +
        " loop insert into agon.judgment (arena_id, battle_id, participant_id, question, kind,"
        " winner, protocol_version, body, nonce, idempotency_key, answered_at) select 1, id,"
        " participant_id, 'preference', 'comparison', 0, 1, repeat('x', 300),"
        " decode(repeat('00', 32), 'hex'), 'k', now() from agon.battle order by id offset i * 1000"
        " limit 1000; commit; end loop; end $$");
    db->sql("vacuum analyze");
  }
  static void TearDownTestSuite() { db.reset(); }

  // The plan, as executed, of a prepared statement with these arguments.
  static std::string explain(const std::string& settings, const store::statement& s,
                             const std::string& arguments) {
    connection c(*db);
    c.sql(settings + "prepare hot as " + std::string(s.sql));
    return text(c.sql("explain (analyze, costs off, timing off, summary off) execute hot (" +
                      arguments + ")"));
  }
  static std::string text(const postgres_server::rows& rows) {
    std::string all;
    for (const auto& r : rows) all += r[0] + "\n";
    return all;
  }
  static constexpr const char* generic =
      "set plan_cache_mode = force_generic_plan; set enable_seqscan = off;"
      "set enable_hashjoin = off; set enable_mergejoin = off;";

  static inline std::unique_ptr<database> db;
};

TEST_F(plans, look_ups_of_battles_use_the_key_of_one_partition) {
  const auto ids = db->sql("select id from agon.battle order by id offset 500 limit 64");
  std::string list;
  for (const auto& row : ids) list += (list.empty() ? "" : ",") + row[0];
  for (const auto& look_up : {store::find_battles_statement(), store::find_ballots_statement()}) {
    const std::string plan = explain(
        generic, look_up, "'{" + list + "}', '" + ids.front()[0] + "', '" + ids.back()[0] + "'");
    EXPECT_THAT(plan, HasSubstr("Index Scan using battle_"));
    EXPECT_THAT(plan, HasSubstr("Subplans Removed"));
    EXPECT_THAT(plan, Not(HasSubstr("Seq Scan")));
    EXPECT_EQ(plan.find("Index Scan"), plan.rfind("Index Scan")) << "one partition: " << plan;
  }
}

TEST_F(plans, conflicts_of_judgments_are_found_by_the_key_of_one_partition) {
  const auto rows =
      db->sql("select battle_id, participant_id from agon.judgment order by 1 offset 700 limit 2");
  const std::string plan = explain(
      generic, store::find_conflicts_statement(),
      "'{0,1}', '{" + rows[0][0] + "," + rows[1][0] + "}', '{" + rows[0][1] + "," + rows[1][1] +
          "}', '{preference,preference}', '" + rows[0][0] + "', '" + rows[1][0] + "'");
  EXPECT_THAT(plan, HasSubstr("Index Scan using judgment_"));
  EXPECT_THAT(plan, Not(HasSubstr("Seq Scan")));
  EXPECT_THAT(plan, HasSubstr("Subplans Removed"));
}

TEST_F(plans, new_votes_are_found_by_their_transactions_range) {
  const std::string newest = db->value("select max(agon.txid_number(txid)) from agon.judgment");
  connection c(*db);
  const std::string plan =
      text(c.sql("explain (analyze, costs off, timing off, summary off) " +
                 store::rating_votes_sql(1, std::stoull(newest), std::stoull(newest) + 1)));
  EXPECT_THAT(plan, HasSubstr("txid_number_idx"));
  EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on judgment_" +
                                  db->value("select to_char(now(), 'YYYY_MM')"))));
  EXPECT_THAT(plan,
              Not(HasSubstr("Seq Scan on battle_" + db->value("select to_char(now(), 'YYYY_MM')"))))
      << plan;
}

TEST_F(plans, whole_history_is_read_without_a_search_per_vote) {
  connection c(*db);
  const std::string plan =
      text(c.sql("explain (costs off) " + store::rating_votes_sql(1, 0, 1ULL << 60U)));
  EXPECT_THAT(plan, testing::AnyOf(HasSubstr("Hash Join"), HasSubstr("Merge Join")));
}

}  // namespace
}  // namespace agon::test
