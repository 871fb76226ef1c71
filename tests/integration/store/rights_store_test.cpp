// What participants may do with what they gave, against a real database.
#include "services/store/postgres/rights_store.hpp"

#include <gtest/gtest.h>

#include <set>

#include "privacy/crypto/hash.hpp"
#include "privacy/crypto/random.hpp"
#include "services/participants/data_export.hpp"
#include "services/participants/erase_participant.hpp"
#include "services/store/postgres/judgment_writer.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/rating_store.hpp"
#include "tests/integration/run.hpp"
#include "tests/integration/store/sample_data.hpp"

namespace agon::test {
namespace {

using participants::actor;
using participants::erase_participant;

class later_clock final : public clock_source {
 public:
  [[nodiscard]] time_point now() const override { return system_clock_source{}.now() + ahead; }
  std::chrono::microseconds ahead{0};
};

class rights_store : public testing::Test {
 protected:
  rights_store() { add_arena(db); }

  // Battles of one participant with a vote, two outputs, a file each, and exposures.
  participant_id somebody(int battles) {
    const auto ids = add_ready_battles(db, battles);
    const auto who = new_id<participant_id>();
    std::string list;
    for (const battle_id b : ids) list += (list.empty() ? "'" : ",'") + to_string(b) + "'";
    const std::string id = "'" + to_string(who) + "'";
    db.sql(
        "delete from person.participant where id in (select participant_id from agon.battle"
        " where id in (" +
        list +
        "));"
        "update agon.battle set participant_id = " +
        id + " where id in (" + list +
        ");"
        "insert into person.participant (id, source) values (" +
        id +
        ", 'human');"
        "insert into person.consent (arena_id, participant_id, text_sha256, purposes)"
        " select 1, " +
        id +
        ", sha256, '{be_counted,publish_text,publish_votes,take_part}'"
        " from agon.consent_text;"
        "insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,"
        " protocol_version, body, nonce, idempotency_key, answered_at) select 1, id, " +
        id +
        ", 'overall', 'comparison', 0, 1, '{}', sha256(id::text::bytea), 'key-' || id, now()"
        " from agon.battle where id in (" +
        list +
        ");"
        "insert into agon.output (arena_id, battle_id, slot, attempt, id, system_id, status,"
        " generation_seconds, media_name, media_type) select 1, b.id, s, 0, gen_random_uuid(),"
        " s + 1, 'shown', 1, md5(b.id::text || s), 'audio/flac' from agon.battle b,"
        " generate_series(0, 1) s where b.id in (" +
        list +
        ");"
        "insert into agon.exposure (arena_id, battle_id, sequence, slot, kind, position,"
        " client_at, received_at) select 1, b.id, n, 0, 'play', 0, now(), now()"
        " from agon.battle b, generate_series(1, 3) n where b.id in (" +
        list +
        ");"
        "insert into agon.battle_request (participant_id, key, arena_id, battle_id,"
        " request_sha256) values (" +
        id +
        ", 'key-00001', 1, gen_random_uuid(), '\\x00');"
        "insert into agon.quarantine (arena_id, participant_id, reason) values (1, " +
        id + ", 'bursts')");
    return who;
  }

  // In how many rows of any table of the database an id stands.
  int traces_of(participant_id who) {
    int found = 0;
    for (const auto& row : db.sql("select format('select count(*) from %I.%I t where t::text like"
                                  " ''%%%s%%''', n.nspname, c.relname, '" +
                                  to_string(who) +
                                  "')"
                                  " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                                  " where n.nspname in ('agon', 'person') and c.relkind = 'r'"))
      found += std::stoi(db.value(row[0]));
    return found;
  }

  std::int64_t count(const std::string& table) {
    return std::stoll(db.value("select count(*) from " + table));
  }

  erase_participant eraser() {
    return {*rights, clock,
            [this](std::vector<std::string> names) -> awaitable<std::vector<std::string>> {
              std::vector<std::string> gone;
              for (std::string& n : names)
                if (!stuck) removed.insert(n), gone.push_back(std::move(n));
              co_return gone;
            }};
  }

  crypto::system_random random;
  later_clock clock;
  database db;
  store::pool pool{{.connection = db.settings("agon_rights"), .connections = 1, .reconnect = {}},
                   random};
  std::unique_ptr<participants::rights_store> rights = store::make_rights_store(pool);
  std::set<std::string> removed;
  bool stuck = false;
};

TEST_F(rights_store, tells_what_is_held) {
  const auto who = somebody(3);
  const auto other = somebody(2);
  const auto h = run(rights->held(who)).value().value();
  EXPECT_EQ(h.battles, 3);
  EXPECT_EQ(h.votes, 3);
  EXPECT_EQ(h.outputs, 6);
  EXPECT_EQ(h.files, 6);
  EXPECT_EQ(h.exposures, 9);
  ASSERT_EQ(h.consents.size(), 1U);
  EXPECT_EQ(h.consents[0].arena, "speech");
  EXPECT_FALSE(run(rights->held(new_id<participant_id>())).value());
  EXPECT_EQ(run(rights->held(other)).value()->votes, 2);
}

TEST_F(rights_store, links_are_found_by_their_newest_hash_alone) {
  const auto who = somebody(1);
  const std::string first(32, 'x');
  const std::string second(32, 'y');
  EXPECT_TRUE(run(rights->put_link(who, first, now())).value());
  EXPECT_EQ(run(rights->by_link(first)).value(), who);
  EXPECT_TRUE(run(rights->put_link(who, second, now())).value());
  EXPECT_EQ(run(rights->by_link(first)).value(), std::nullopt);
  EXPECT_EQ(run(rights->by_link(second)).value(), who);
  EXPECT_TRUE(run(rights->drop_link(who)).value());
  EXPECT_FALSE(run(rights->drop_link(who)).value());
  EXPECT_EQ(run(rights->by_link(second)).value(), std::nullopt);
  EXPECT_FALSE(run(rights->put_link(new_id<participant_id>(), first, now())).value());
}

TEST_F(rights_store, erasure_leaves_no_trace_and_touches_nobody_else) {
  const auto who = somebody(250);
  const auto other = somebody(2);
  run(rights->put_link(who, std::string(32, 'x'), now())).value();
  auto erase = eraser();
  const auto done = run(erase.run(who, actor::participant)).value();
  EXPECT_TRUE(done.complete);
  EXPECT_EQ(done.rows.battles, 250);
  EXPECT_EQ(done.rows.votes, 250);
  EXPECT_EQ(done.rows.exposures, 750);
  EXPECT_EQ(done.files, 500);
  EXPECT_EQ(removed.size(), 500U);
  EXPECT_EQ(count("agon.battle"), 2);
  EXPECT_EQ(count("agon.judgment"), 2);
  EXPECT_EQ(count("agon.output"), 4);
  EXPECT_EQ(count("agon.exposure"), 6);
  EXPECT_FALSE(run(rights->held(who)).value());
  EXPECT_GT(traces_of(who), 0) << "until the last step";
  EXPECT_EQ(run(erase.step()).value().finished, 0) << "too early";
  clock.ahead = std::chrono::minutes(11);
  EXPECT_EQ(run(erase.step()).value().finished, 1);
  EXPECT_EQ(traces_of(who), 0);
  EXPECT_GT(traces_of(other), 0);
  EXPECT_EQ(run(rights->held(other)).value()->votes, 2);
  EXPECT_EQ(db.value("select sum(votes) from agon.erasure"), "250");
  EXPECT_EQ(db.value("select sum(rows) from agon.audit where what = 'vote' and actor = "
                     "'participant' and action = 'erase'"),
            "250");
}

TEST_F(rights_store, interrupted_erasure_is_ended_by_the_steps) {
  const auto who = somebody(250);
  auto erase = eraser();
  stuck = true;  // as if the process died before it came to the files
  EXPECT_FALSE(run(erase.run(who, actor::operator_, 100)).value().complete);
  EXPECT_EQ(count("agon.battle"), 150);
  EXPECT_EQ(count("person.consent"), 0) << "nothing may be published from the first moment";
  stuck = false;
  while (run(erase.step()).value().more) {
  }
  EXPECT_EQ(count("agon.battle"), 0);
  EXPECT_EQ(removed.size(), 500U);
  EXPECT_EQ(count("person.file_to_remove"), 0);
  EXPECT_EQ(db.value("select count(distinct actor) || min(actor) from agon.audit"), "1operator");
}

TEST_F(rights_store, what_was_being_written_meanwhile_goes_with_the_last_step) {
  const auto who = somebody(1);
  const std::string battle = db.value("select id from agon.battle");
  auto erase = eraser();
  ASSERT_TRUE(run(erase.run(who, actor::participant)));
  // A vote and an output that were on their way, and a battle that began in that moment.
  db.sql(
      "insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,"
      " protocol_version, body, nonce, idempotency_key, answered_at) values (1, '" +
      battle + "', '" + to_string(who) +
      "', 'overall', 'comparison', 0, 1, '{}', sha256('x'), 'k', now());"
      "insert into agon.output (arena_id, battle_id, slot, attempt, id, system_id, status,"
      " generation_seconds, media_name) values (1, '" +
      battle + "', 0, 1, gen_random_uuid(), 1, 'shown', 1, md5('late'))");
  const auto late = add_ready_battles(db, 1);
  db.sql("update agon.battle set participant_id = '" + to_string(who) + "'");
  clock.ahead = std::chrono::minutes(11);
  ASSERT_TRUE(run(erase.step()));
  EXPECT_EQ(count("agon.judgment"), 0);
  EXPECT_EQ(count("agon.output"), 0);
  EXPECT_EQ(count("agon.battle"), 0);
  EXPECT_TRUE(removed.contains(db.value("select md5('late')")));
  clock.ahead = std::chrono::minutes(22);
  EXPECT_EQ(run(erase.step()).value().finished, 1);
  EXPECT_EQ(traces_of(who), 0);
}

TEST_F(rights_store, erased_votes_make_the_rating_count_afresh) {
  const auto who = somebody(2);
  somebody(1);
  const auto ratings = store::make_rating_store(db.settings("agon_rate"));
  const auto read = [&] {
    int votes = 0;
    ratings->read_votes(1, 0, ratings->horizon(), {}, [&](const auto&) { ++votes; });
    return votes;
  };
  const std::uint64_t before = ratings->horizon();
  EXPECT_EQ(read(), 3);
  EXPECT_FALSE(ratings->votes_withdrawn(1, 1, before));
  auto erase = eraser();
  ASSERT_TRUE(run(erase.run(who, actor::participant)));
  const std::uint64_t after = ratings->horizon();
  EXPECT_TRUE(ratings->votes_withdrawn(1, before, after));
  EXPECT_FALSE(ratings->votes_withdrawn(1, after, after + 100));
  EXPECT_EQ(read(), 1);
}

TEST_F(rights_store, withdrawal_from_releases_narrows_the_newest_consent) {
  const auto who = somebody(1);
  EXPECT_EQ(run(rights->decline(who, {"publish_text"}, now() - std::chrono::hours(1))).value(), 1);
  EXPECT_EQ(run(rights->held(who)).value()->consents.at(0).purposes,
            (std::vector<std::string>{"be_counted", "publish_votes", "take_part"}))
      << "though the clock went back";
  EXPECT_EQ(run(rights->decline(who, {"publish_text"}, now())).value(), 0) << "nothing to change";
  EXPECT_EQ(run(rights->decline(who, {"publish_votes", "publish_text"}, now())).value(), 1);
  EXPECT_EQ(run(rights->consents(who)).value().size(), 3U) << "what was agreed to stays known";
  EXPECT_EQ(db.value("select votes or text from agon.consent_in_force where participant_id = '" +
                     to_string(who) + "'"),
            "f");
}

TEST_F(rights_store, export_is_one_document_in_pieces) {
  const auto who = somebody(25);
  participants::data_export document(*rights, who, now());
  std::string text;
  std::size_t pieces = 0;
  while (true) {
    const auto piece = run(document.next()).value();
    if (piece.empty()) break;
    ++pieces;
    text += piece;
  }
  EXPECT_GE(pieces, 4U);
  EXPECT_EQ(db.value("select jsonb_array_length('" + text + "'::jsonb -> 'battles')"), "25");
  EXPECT_EQ(db.value("select count(distinct b ->> 'id') from jsonb_array_elements('" + text +
                     "'::jsonb -> 'battles') b where jsonb_array_length(b -> 'outputs') = 2"
                     " and b #>> '{outputs,0,system}' = 'system-1'"),
            "25");
  participants::data_export nobody(*rights, new_id<participant_id>(), now());
  EXPECT_EQ(run(nobody.next()).error().code, errc::not_found);
}

TEST_F(rights_store, export_names_no_system_before_the_vote) {
  const auto who = somebody(1);
  db.sql("delete from agon.judgment");
  const auto battles = run(rights->battles(who, std::nullopt, 10)).value();
  const std::string text = participants::to_export_json(battles.at(0));
  EXPECT_EQ(text.find("system"), std::string::npos) << text;
  EXPECT_EQ(text.find("attempt"), std::string::npos);
  EXPECT_NE(text.find("/media/"), std::string::npos) << "what was shown is told";
}

}  // namespace
}  // namespace agon::test
