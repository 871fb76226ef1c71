#include "services/store/postgres/arena_store.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>

#include "privacy/crypto/random.hpp"
#include "services/store/postgres/pool.hpp"
#include "tests/integration/run.hpp"
#include "tests/integration/store/sample_data.hpp"

namespace agon::test {
namespace {

arena::arena speech() {
  arena::arena a;
  a.slug = "speech";
  a.source = "slug: speech\n# \\ 'quotes' {braces}\n";
  a.consent = {"Terms", "What you agree to", consent_sha256, {}};
  feedback::question vote;
  vote.id = "preference";
  vote.criterion = "overall";
  a.protocol.questions = {vote};
  for (const char* slug : {"espeak", "flite"}) {
    arena::registered_system s;
    s.slug = slug;
    s.card.name = slug;
    a.systems.push_back(s);
  }
  return a;
}

class arena_store : public testing::Test {
 protected:
  arena::applied apply(const arena::arena& a) { return run(arenas->apply(a)).value(); }
  arena::stored_arena stored() { return run(arenas->load_all()).value().at(0); }

  crypto::system_random random;
  database db;
  store::pool pool{{.connection = db.settings(""), .connections = 4, .reconnect = {}}, random};
  std::unique_ptr<arena::arena_store> arenas = store::make_arena_store(pool);
};

TEST_F(arena_store, applied_arena_is_loaded_with_its_systems) {
  const auto first = apply(speech());
  EXPECT_TRUE(first.changed);
  EXPECT_EQ(first.version, 1);
  const auto a = stored();
  EXPECT_EQ(a.version, 1);
  EXPECT_EQ(a.protocol_version, 1);
  EXPECT_EQ(a.source, speech().source);
  EXPECT_THAT(a.system_ids,
              testing::UnorderedElementsAre(std::pair("espeak", 1), std::pair("flite", 2)));
  EXPECT_EQ(run(arenas->protocol(a.id, 1)).value(), feedback::to_json(speech().protocol.questions));
  EXPECT_EQ(run(arenas->protocol(a.id, 2)).error().code, errc::not_found);
  EXPECT_EQ(db.value("select title from agon.consent_text"), "Terms");
}

TEST_F(arena_store, same_file_changes_nothing) {
  apply(speech());
  const auto again = apply(speech());
  EXPECT_FALSE(again.changed);
  EXPECT_EQ(again.version, 1);
  EXPECT_EQ(db.value("select count(*) from agon.arena_version"), "1");
}

TEST_F(arena_store, protocol_version_moves_with_the_questions_only) {
  arena::arena a = speech();
  apply(a);
  a.source += "# a remark\n";
  EXPECT_EQ(apply(a).version, 2);
  EXPECT_EQ(stored().protocol_version, 1);
  a.source += "# a question\n";
  a.protocol.questions[0].label = "Which is better?";
  EXPECT_EQ(apply(a).version, 3);
  EXPECT_EQ(stored().protocol_version, 2);
  a.source += "# back\n";
  a.protocol.questions = speech().protocol.questions;
  apply(a);
  EXPECT_EQ(stored().protocol_version, 1);
}

TEST_F(arena_store, systems_keep_their_ids_when_they_leave_and_come_back) {
  arena::arena a = speech();
  apply(a);
  const auto espeak = a.systems[0];
  a.systems[0].slug = "festival";
  a.source += "1";
  apply(a);
  EXPECT_EQ(db.value("select active from agon.system where slug = 'espeak'"), "f");
  a.systems.push_back(espeak);
  a.systems.back().card.licence = "GPL-3.0";
  a.source += "2";
  apply(a);
  EXPECT_THAT(stored().system_ids,
              testing::UnorderedElementsAre(std::pair("espeak", 1), std::pair("flite", 2),
                                            std::pair("festival", 3)));
  EXPECT_EQ(db.value("select active from agon.system where slug = 'espeak'"), "t");
  EXPECT_THAT(db.value("select card from agon.system where slug = 'espeak'"),
              testing::HasSubstr("GPL-3.0"));
}

TEST_F(arena_store, servers_that_apply_at_once_make_one_version) {
  boost::asio::io_context context;
  int changed = 0;
  for (int i = 0; i < 8; ++i)
    boost::asio::co_spawn(context, arenas->apply(speech()),
                          [&](std::exception_ptr, result<arena::applied> r) {
                            EXPECT_TRUE(r);
                            if (r && r->changed) ++changed;
                          });
  context.run();
  EXPECT_EQ(changed, 1);
  EXPECT_EQ(db.value("select count(*) from agon.arena_version"), "1");
}

TEST_F(arena_store, counts_are_those_of_the_rating_job) {
  apply(speech());
  EXPECT_TRUE(run(arenas->counts())->empty());
  db.sql(
      "insert into agon.rating_state (arena_id, watermark, elo, votes)"
      " values (1, '5', '{}', 42)");
  EXPECT_EQ(run(arenas->counts())->at(0).votes, 42);
}

}  // namespace
}  // namespace agon::test
