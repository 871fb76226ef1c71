#include "services/store/postgres/migrations.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "privacy/crypto/random.hpp"
#include "services/store/postgres/maintenance.hpp"
#include "services/store/postgres/pool.hpp"
#include "tests/integration/postgres_fixture.hpp"
#include "tests/integration/run.hpp"

namespace agon::test {
namespace {

using schema::migration;

class migrations : public testing::Test {
 protected:
  database db{database::contents::nothing};
  std::vector<migration> known{schema::migrations().begin(), schema::migrations().end()};
};

TEST_F(migrations, empty_database_gets_all_and_then_fits) {
  EXPECT_EQ(store::check_schema(db.settings()).error().code, errc::conflict);
  const auto first = store::migrate(db.settings());
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->applied.size(), known.size());
  EXPECT_TRUE(store::check_schema(db.settings()));
}

TEST_F(migrations, second_run_changes_nothing) {
  ASSERT_TRUE(store::migrate(db.settings()));
  const auto second = store::migrate(db.settings());
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->applied.empty());
  EXPECT_EQ(second->partitions, 0);
}

TEST_F(migrations, servers_that_start_at_once_apply_each_file_once) {
  std::vector<std::thread> servers;
  std::vector<std::size_t> applied(4);
  std::vector<std::string> complaints(4);
  for (std::size_t i = 0; i < 4; ++i)
    servers.emplace_back([&, i] {
      const auto done = store::migrate(db.settings());
      if (done) {
        applied[i] = done->applied.size();
      } else {
        complaints[i] = done.error().detail;
      }
    });
  for (auto& s : servers) s.join();
  EXPECT_THAT(complaints, testing::Each(""));
  EXPECT_EQ(applied[0] + applied[1] + applied[2] + applied[3], known.size());
}

TEST_F(migrations, changed_old_migration_is_told) {
  ASSERT_TRUE(store::migrate(db.settings()));
  const std::string changed = std::string(known[2].sql) + " ";
  known[2].sql = changed;
  for (const error& e : {store::migrate(db.settings(), known).error(),
                         store::check_schema(db.settings(), known).error()}) {
    EXPECT_EQ(e.code, errc::conflict);
    EXPECT_THAT(e.detail, testing::HasSubstr(std::string(known[2].name)));
  }
}

TEST_F(migrations, database_newer_than_the_program_is_told) {
  ASSERT_TRUE(store::migrate(db.settings()));
  const std::span<const migration> older(known.data(), known.size() - 1);
  const auto answer = store::migrate(db.settings(), older);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::conflict);
  EXPECT_THAT(answer.error().detail, testing::HasSubstr("newer"));
  EXPECT_FALSE(store::check_schema(db.settings(), older));
}

TEST_F(migrations, file_that_fails_leaves_nothing_and_keeps_those_before) {
  known.push_back({static_cast<int>(known.size()) + 1, "9999_broken",
                   "create table agon.half (id int); select 1 / 0;"});
  const auto answer = store::migrate(db.settings(), known);
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().detail,
              testing::AllOf(testing::HasSubstr("9999_broken"), testing::HasSubstr("22012")));
  EXPECT_EQ(db.value("select to_regclass('agon.half') is null"), "t");
  EXPECT_TRUE(store::check_schema(db.settings()));
}

TEST_F(migrations, unreachable_database_is_told) {
  store::connection_settings nowhere;
  nowhere.url = secret("host=/nonexistent dbname=agon");
  EXPECT_EQ(store::migrate(nowhere).error().code, errc::unavailable);
  EXPECT_EQ(store::check_schema(nowhere).error().code, errc::unavailable);
}

TEST_F(migrations, maintenance_makes_partitions_and_forgets_old_keys) {
  ASSERT_TRUE(store::migrate(db.settings()));
  db.sql(
      "insert into agon.battle_request values (gen_random_uuid(), 'old', 1, gen_random_uuid(),"
      " '', now() - interval '3 days'), (gen_random_uuid(), 'new', 1, gen_random_uuid(), '',"
      " now())");
  const std::string last = db.value(
      "select max(c.relname) from pg_class c where c.relname like 'judgment_20%' and relkind = "
      "'r'");
  db.sql("drop table agon." + last);
  crypto::system_random random;
  store::pool pool({.connection = db.settings(), .connections = 1, .reconnect = {}}, random);
  const auto report = run(store::maintain(pool));
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->partitions, 1);
  EXPECT_EQ(report->requests, 1U);
  EXPECT_EQ(db.value("select key from agon.battle_request"), "new");
}

}  // namespace
}  // namespace agon::test
