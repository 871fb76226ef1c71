// Each service has just the rights it needs.
#include <gtest/gtest.h>

#include "services/store/postgres/session.hpp"
#include "tests/integration/postgres_fixture.hpp"

namespace agon::test {
namespace {

class roles : public testing::Test {
 protected:
  // The SQLSTATE of what happens, or "" if it is allowed.
  std::string attempt(const std::string& role, const std::string& sql) {
    store::session s(db.settings(role));
    try {
      s.exec_text("attempt", sql);
      return "";
    } catch (const store::statement_failed& e) {
      return std::string(e.sqlstate());
    }
  }
  database db;
};

constexpr const char* denied = "42501";

TEST_F(roles, judgments_cannot_be_changed_by_any_service) {
  for (const char* role : {"agon_serve", "agon_rate", "agon_release"}) {
    EXPECT_EQ(attempt(role, "update agon.judgment set body = ''"), denied) << role;
    EXPECT_EQ(attempt(role, "delete from agon.judgment"), denied) << role;
    EXPECT_EQ(attempt(role, "truncate agon.judgment"), denied) << role;
  }
}

TEST_F(roles, what_was_taken_back_stays_so) {
  EXPECT_EQ(attempt("agon_serve", "delete from agon.withdrawal"), denied);
  EXPECT_EQ(attempt("agon_serve", "update agon.withdrawal set withdrawn_at = now()"), denied);
  EXPECT_EQ(attempt("agon_rate", "insert into agon.withdrawal (arena_id) values (1)"), denied);
  EXPECT_EQ(attempt("agon_release", "select * from agon.withdrawal"), "");
}

TEST_F(roles, release_cannot_read_people) {
  EXPECT_EQ(attempt("agon_release", "select * from person.participant"), denied);
  EXPECT_EQ(attempt("agon_release", "select * from person.consent"), denied);
  EXPECT_EQ(attempt("agon_release", "select * from agon.consent_in_force"), "")
      << "purposes and when publication was declined, and no more";
  EXPECT_EQ(attempt("agon_serve", "select * from agon.consent_in_force"), denied);
  EXPECT_EQ(attempt("agon_release", "select * from agon.exposure"), denied);
  EXPECT_EQ(attempt("agon_release", "select * from agon.battle_request"), denied);
}

TEST_F(roles, no_service_reads_what_the_pseudonyms_of_imports_are_keyed_by) {
  for (const char* role : {"agon_serve", "agon_rate", "agon_release"}) {
    EXPECT_EQ(attempt(role, "select source, licence from agon.import"), "") << role;
    EXPECT_EQ(attempt(role, "select salt from agon.import"), denied) << role;
    EXPECT_EQ(attempt(role, "select agon.ensure_partitions_of('2019-01-01')"), denied) << role;
  }
}

TEST_F(roles, release_reads_the_columns_that_it_needs_and_no_others) {
  for (const char* table :
       {"person.capability", "person.erasure", "person.erased_battle", "person.file_to_remove",
        "agon.quarantine", "agon.audit", "agon.retention", "agon.board"})
    EXPECT_EQ(attempt("agon_release", std::string("select from ") + table), denied) << table;
  for (const char* column :
       {"battle.consent_sha256", "battle.routing", "judgment.nonce", "judgment.idempotency_key",
        "output.media_name", "output.text", "output.peaks"}) {
    const std::string name(column);
    const std::size_t dot = name.find('.');
    EXPECT_EQ(attempt("agon_release",
                      "select " + name.substr(dot + 1) + " from agon." + name.substr(0, dot)),
              denied)
        << column;
  }
  EXPECT_EQ(attempt("agon_release", "select * from agon.battle"), denied);
  db.sql("alter table agon.battle add column voice_of_the_voter bytea");
  EXPECT_EQ(attempt("agon_release", "select voice_of_the_voter from agon.battle"), denied)
      << "what is added later is closed until somebody decides";
  const std::string child = db.value(
      "select max(relname) from pg_class where relname like 'battle_20%' and relkind = 'r'");
  EXPECT_EQ(attempt("agon_release", "select prompt from agon." + child), denied);
}

TEST_F(roles, people_are_erased_by_one_role_alone) {
  for (const char* role : {"agon_serve", "agon_rate", "agon_release"}) {
    EXPECT_EQ(attempt(role, "delete from agon.battle"), denied) << role;
    EXPECT_EQ(attempt(role, "delete from agon.output"), denied) << role;
    EXPECT_EQ(attempt(role, "delete from agon.exposure"), denied) << role;
    EXPECT_EQ(attempt(role, "delete from agon.withdrawal"), denied) << role;
    EXPECT_EQ(attempt(role, "delete from person.consent"), denied) << role;
    EXPECT_EQ(attempt(role, "select * from person.capability"), denied) << role;
    EXPECT_EQ(attempt(role, "select * from person.erasure"), denied) << role;
    EXPECT_EQ(attempt(role,
                      "insert into agon.audit (actor, action, what, rows)"
                      " values ('operator', 'erase', 'vote', 1)"),
              denied)
        << role;
  }
  EXPECT_EQ(attempt("agon_rights", "delete from agon.judgment"), "");
  EXPECT_EQ(attempt("agon_rights", "update agon.judgment set body = ''"), denied);
  EXPECT_EQ(attempt("agon_rights", "insert into agon.judgment (arena_id) values (1)"), denied);
  EXPECT_EQ(attempt("agon_rights", "select key from agon.release"), denied);
  EXPECT_EQ(attempt("agon_rights", "delete from agon.board"), denied);
}

TEST_F(roles, audit_grows_and_nothing_else) {
  EXPECT_EQ(attempt("agon_rights",
                    "insert into agon.audit (actor, action, what, rows)"
                    " values ('operator', 'erase', 'vote', 1)"),
            "");
  EXPECT_EQ(attempt("agon_rights", "update agon.audit set rows = 0"), denied);
  EXPECT_EQ(attempt("agon_rights", "delete from agon.audit"), denied);
  EXPECT_EQ(attempt("agon_rights", "truncate agon.audit"), denied);
  EXPECT_EQ(attempt("agon_rights", "update agon.erasure set votes = 1"), denied);
  EXPECT_EQ(attempt("agon_rights", "delete from agon.erasure"), denied);
  EXPECT_EQ(db.value("select count(*) from information_schema.columns where table_schema = 'agon'"
                     " and table_name = 'audit' and data_type not in ('date', 'text', 'bigint')"),
            "0")
      << "no column that could hold an id or a moment";
}

TEST_F(roles, rating_cannot_read_people_or_write_votes) {
  EXPECT_EQ(attempt("agon_rate", "select * from person.participant"), denied);
  EXPECT_EQ(attempt("agon_rate", "insert into agon.judgment (arena_id) values (1)"), denied);
}

TEST_F(roles, rating_reads_the_quarantine_and_nobody_deletes_from_it) {
  EXPECT_EQ(attempt("agon_rate", "select * from agon.quarantine"), "");
  EXPECT_EQ(attempt("agon_rate", "update agon.quarantine set lifted_at = now()"), denied);
  EXPECT_EQ(attempt("agon_serve", "update agon.quarantine set lifted_at = now()"), "");
  EXPECT_EQ(attempt("agon_serve", "delete from agon.quarantine"), denied);
  EXPECT_EQ(attempt("agon_serve", "delete from agon.tally"), denied);
}

TEST_F(roles, server_sees_no_release_keys_and_writes_no_boards) {
  EXPECT_EQ(attempt("agon_serve", "select key from agon.release"), denied);
  EXPECT_EQ(attempt("agon_serve", "select from_txid from agon.release"), denied);
  EXPECT_EQ(attempt("agon_serve", "insert into agon.board (arena_id) values (1)"), denied);
  EXPECT_EQ(attempt("agon_serve", "insert into agon.arena (slug) values ('x')"), denied);
  EXPECT_EQ(attempt("agon_serve", "delete from person.participant"), denied);
}

TEST_F(roles, rights_reach_the_partitions_made_later) {
  db.sql("select agon.ensure_partitions(5)");
  const std::string last = db.value(
      "select max(relname) from pg_class where relname like 'judgment_20%' and relkind = 'r'");
  EXPECT_EQ(attempt("agon_serve", "delete from agon." + last), denied);
  EXPECT_EQ(attempt("agon_release", "select body from agon.judgment"), "");
}

TEST_F(roles, nobody_makes_tables) {
  for (const char* role : {"agon_serve", "agon_rate", "agon_release"})
    EXPECT_EQ(attempt(role, "create table agon.x (id int)"), denied) << role;
}

}  // namespace
}  // namespace agon::test
