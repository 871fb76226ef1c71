#include "services/store/postgres/release_store.hpp"

#include <gmock/gmock.h>

#include "services/releases/source_columns.hpp"
#include "tests/integration/store/writer_fixture.hpp"

namespace agon::test {
namespace {

using ratings::outcome;
using releases::partition;
using releases::released_battle;

class release_store : public writer_fixture {
 protected:
  static std::string key(const std::string& name) { return std::string(25, 'k') + name; }
  partition open(const std::string& name, time_point cast_before = now()) {
    return releases->open(1, name, key(name), "{}", "2026-11-24", cast_before);
  }
  std::vector<released_battle> read(const partition& p) {
    std::vector<released_battle> all;
    releases->read(p, [&](const released_battle& b) { all.push_back(b); });
    return all;
  }
  // A vote of the battle's own participant.
  arena::submission own_vote(battle_id battle, outcome winner = outcome::a) {
    arena::submission s = vote_on(battle, winner);
    s.participant.value = *parse_uuid(
        db.value("select participant_id from agon.battle where id = '" + to_string(battle) + "'"));
    return s;
  }
  // What the battle's participant agreed to, at the vote and before.
  void agree(battle_id battle, const std::string& purposes) {
    db.sql("update agon.battle set purposes = '{" + purposes + "}' where id = '" +
           to_string(battle) +
           "'; update person.consent c set purposes = b.purposes from"
           " agon.battle b where b.participant_id = c.participant_id");
  }
  // A later consent of the battle's participant, so long after the battle.
  void consent_again(battle_id battle, const std::string& purposes, const std::string& after) {
    db.sql(
        "insert into person.consent (arena_id, participant_id, given_at, text_sha256, purposes)"
        " select arena_id, participant_id, created_at + interval '" +
        after + "', consent_sha256, '{" + purposes + "}' from agon.battle where id = '" +
        to_string(battle) + "'");
  }
  void seal(partition p) {
    p.votes = 2;
    p.bytes = 1000;
    p.manifest_sha256 = std::string(64, 'd');
    p.files = "[]";
    releases->seal(p);
  }

  std::unique_ptr<releases::release_store> releases =
      store::make_release_store(db.settings("agon_release"));
};

TEST_F(release_store, finds_an_arena_by_its_slug) {
  EXPECT_FALSE(releases->find_arena("nothing"));
  const auto arena = releases->find_arena("speech");
  ASSERT_TRUE(arena);
  EXPECT_EQ(arena->id, 1);
  EXPECT_EQ(arena->source, "slug: speech");
  EXPECT_EQ(arena->systems.size(), 4U);
  EXPECT_THAT(releases->arena_slugs(), testing::ElementsAre("speech"));
}

TEST_F(release_store, one_release_runs_at_a_time) {
  const auto other = store::make_release_store(db.settings("agon_release"));
  EXPECT_TRUE(releases->lock());
  EXPECT_FALSE(other->lock());
}

TEST_F(release_store, judged_battle_is_read_with_all_it_has) {
  const battle_id battle = add_ready_battles(db, 1).front();
  db.sql(
      "insert into agon.output (arena_id, battle_id, slot, attempt, id, system_id, status,"
      " generation_seconds, media_sha256, seconds) values (1, '" +
      to_string(battle) +
      "', 1, 0, gen_random_uuid(), 2, 'shown', 0.5, decode(repeat('ee', 32), 'hex'), 2.5), (1, '" +
      to_string(battle) + "', 0, 0, gen_random_uuid(), 3, 'failed', 1, null, null)");
  arena::submission s = own_vote(battle, outcome::tie);
  s.judgments.push_back(comment("why_b"));
  s.judgments.push_back(comment("why_a"));
  ASSERT_TRUE(record(s));
  const auto battles = read(open("2026-11"));
  ASSERT_EQ(battles.size(), 1U);
  const released_battle& b = battles[0];
  EXPECT_EQ(b.battle, to_string(battle));
  EXPECT_EQ(b.day, to_rfc3339(s.answered_at).substr(0, 10));
  EXPECT_EQ(b.prompt, "");
  EXPECT_NE(b.participant, "");
  EXPECT_THAT(b.systems, testing::ElementsAre(1, 2));
  EXPECT_THAT(b.heard_seconds, testing::ElementsAre(2.0, 2.0));
  EXPECT_EQ(b.winner, "tie");
  EXPECT_EQ(b.sampling_probability, 0.5);
  EXPECT_TRUE(b.publish);
  ASSERT_EQ(b.outputs.size(), 2U);
  EXPECT_EQ(b.outputs[0].status, "failed");
  EXPECT_EQ(b.outputs[0].media_sha256, "");
  EXPECT_EQ(b.outputs[1].media_sha256.substr(0, 4), "eeee");
  EXPECT_EQ(b.outputs[1].seconds, 2.5);
  EXPECT_FALSE(b.publish_text);
  EXPECT_TRUE(b.comments.empty()) << "no consent to publish text";
}

TEST_F(release_store, text_is_read_if_its_participant_agreed) {
  const battle_id battle = add_ready_battles(db, 1).front();
  agree(battle, "take_part,be_counted,publish_votes,publish_text");
  arena::submission s = own_vote(battle, outcome::tie);
  s.judgments.push_back(comment("why_b"));
  s.judgments.push_back(comment("why_a"));
  ASSERT_TRUE(record(s));
  const auto battles = read(open("2026-11"));
  ASSERT_EQ(battles.size(), 1U);
  EXPECT_EQ(battles[0].prompt, "hello");
  ASSERT_EQ(battles[0].comments.size(), 2U);
  EXPECT_EQ(battles[0].comments[0].question, "why_a");
  EXPECT_EQ(battles[0].comments[0].body, s.judgments[2].body);
}

TEST_F(release_store, votes_without_consent_to_publish_are_counted_only) {
  const auto battles = add_ready_battles(db, 2);
  agree(battles[0], "take_part,be_counted");
  for (const battle_id b : battles) ASSERT_TRUE(record(own_vote(b)));
  const auto rows = read(open("2026-11"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_FALSE(rows[0].publish);
  EXPECT_EQ(rows[0].prompt, "");
  EXPECT_TRUE(rows[1].publish);
}

TEST_F(release_store, consent_declined_later_is_heeded_for_good) {
  const auto battles = add_ready_battles(db, 4);
  for (const battle_id b : battles) {
    agree(b, "take_part,be_counted,publish_votes,publish_text");
    ASSERT_TRUE(record(own_vote(b)));
  }
  consent_again(battles[0], "take_part,be_counted", "1 minute");
  consent_again(battles[1], "take_part,be_counted,publish_votes", "1 minute");
  consent_again(battles[2], "take_part,be_counted", "1 minute");
  consent_again(battles[2], "take_part,be_counted,publish_votes,publish_text", "2 minutes");
  const auto rows = read(open("2026-11"));
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_FALSE(rows[0].publish);
  EXPECT_TRUE(rows[1].publish);
  EXPECT_FALSE(rows[1].publish_text);
  EXPECT_FALSE(rows[2].publish) << "agreed again, which holds for later votes";
  EXPECT_TRUE(rows[3].publish_text);
}

TEST_F(release_store, votes_that_were_taken_back_are_not_read) {
  const auto battles = add_ready_battles(db, 2);
  for (const battle_id b : battles) {
    agree(b, "take_part,be_counted,publish_votes,publish_text");
    ASSERT_TRUE(record(own_vote(b)));
  }
  db.sql(
      "insert into agon.withdrawal (arena_id, battle_id, participant_id, withdrawn_at)"
      " select arena_id, battle_id, participant_id, now() from agon.judgment where battle_id = '" +
      to_string(battles[0]) + "'");
  const auto rows = read(open("2026-11"));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].battle, to_string(battles[1]));
}

TEST_F(release_store, consent_declined_before_the_vote_and_then_given_counts) {
  const battle_id battle = add_ready_battles(db, 1).front();
  consent_again(battle, "take_part,be_counted", "-30 seconds");
  consent_again(battle, "take_part,be_counted,publish_votes", "-10 seconds");
  ASSERT_TRUE(record(own_vote(battle)));
  EXPECT_TRUE(read(open("2026-11")).at(0).publish);
}

TEST_F(release_store, erased_participants_are_not_even_counted) {
  const auto battles = add_ready_battles(db, 2);
  for (const battle_id b : battles) ASSERT_TRUE(record(own_vote(b)));
  db.sql(
      "delete from person.participant where id = (select participant_id from agon.battle"
      " where id = '" +
      to_string(battles[0]) + "')");
  const auto rows = read(open("2026-11"));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].battle, to_string(battles[1]));
}

TEST_F(release_store, two_partitions_under_one_key_are_refused) {
  const partition first = open("2026-10");
  seal(first);
  EXPECT_THROW((void)releases->open(1, "2026-11", key("2026-10"), "{}", "2026-11-24", now()),
               std::runtime_error);
}

TEST_F(release_store, partitions_follow_each_other_without_gap_or_overlap) {
  const auto battles = add_ready_battles(db, 5);
  const time_point cutoff = now();
  for (int i = 0; i < 5; ++i) {
    arena::submission s = own_vote(battles[static_cast<std::size_t>(i)]);
    s.answered_at = cutoff + std::chrono::minutes(i < 2 ? -5 : 5);
    ASSERT_TRUE(record(s));
  }
  const partition first = open("2026-10", cutoff);
  EXPECT_EQ(read(first).size(), 2U);
  EXPECT_EQ(releases->open_partition(1)->name, "2026-10");
  seal(first);
  EXPECT_FALSE(releases->open_partition(1));
  const partition second = open("2026-11", cutoff + std::chrono::hours(1));
  EXPECT_EQ(second.from_txid, first.to_txid);
  EXPECT_EQ(read(second).size(), 3U);
}

TEST_F(release_store, open_partition_gives_the_same_rows_when_more_votes_come) {
  const auto battles = add_ready_battles(db, 2);
  ASSERT_TRUE(record(own_vote(battles[0])));
  const partition p = open("2026-11", now() + std::chrono::hours(1));
  ASSERT_TRUE(record(own_vote(battles[1])));
  arena::submission later = own_vote(battles[0]);
  later.judgments = {comment("why_a")};
  later.idempotency_key = "later";
  ASSERT_TRUE(record(later));
  const auto rows = read(releases->find(1, "2026-11").value());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows[0].comments.empty());
}

TEST_F(release_store, transaction_still_running_is_not_in_a_partition) {
  const auto battles = add_ready_battles(db, 2);
  connection slow(db);
  slow.sql("begin; select pg_current_xact_id()");
  ASSERT_TRUE(record(own_vote(battles[0])));
  const partition p = open("2026-11", now() + std::chrono::hours(1));
  slow.sql("commit");
  EXPECT_TRUE(read(p).empty());
}

TEST_F(release_store, sealing_destroys_the_key_and_happens_once) {
  const partition p = open("2026-11");
  EXPECT_EQ(releases->find(1, "2026-11")->key, key("2026-11"));
  EXPECT_THROW((void)open("2026-12"), std::runtime_error) << "one is open";
  seal(p);
  const auto sealed = releases->find(1, "2026-11").value();
  EXPECT_EQ(sealed.state, releases::partition_state::sealed);
  EXPECT_EQ(sealed.key, "");
  EXPECT_TRUE(sealed.sealed_at);
  EXPECT_THROW(seal(p), std::runtime_error);
}

TEST_F(release_store, server_lists_sealed_partitions_without_keys) {
  const auto list = store::make_release_list(pool);
  const partition p = open("2026-11");
  EXPECT_TRUE(run(list->published(1))->empty());
  seal(p);
  const auto sealed = run(list->published(1)).value();
  ASSERT_EQ(sealed.size(), 1U);
  EXPECT_EQ(sealed[0].name, "2026-11");
  EXPECT_EQ(sealed[0].votes, 2);
  EXPECT_EQ(sealed[0].key, "");
}

TEST_F(release_store, a_revision_takes_the_place_of_what_it_revises) {
  partition p = open("2026-11");
  seal(p);
  p.revision = 1;
  p.folder = "2026-11.r1";
  p.votes = 1;
  p.manifest_sha256 = std::string(64, 'e');
  releases->revise(p);
  const auto revised = releases->find(1, "2026-11").value();
  EXPECT_EQ(revised.revision, 1);
  EXPECT_EQ(revised.folder_name(), "2026-11.r1");
  EXPECT_EQ(revised.votes, 1);
  EXPECT_TRUE(revised.revised_at);
  EXPECT_THROW(releases->revise(p), std::runtime_error) << "the same revision twice";
}

TEST_F(release_store, a_retracted_partition_is_listed_with_its_reason_and_without_files) {
  const auto list = store::make_release_list(pool);
  partition p = open("2026-11");
  EXPECT_THROW(releases->retract(p), std::runtime_error) << "it is open";
  seal(p);
  p.retraction = "A name was found in it.";
  releases->retract(p);
  const auto listed = run(list->published(1)).value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].state, releases::partition_state::retracted);
  EXPECT_EQ(listed[0].retraction, "A name was found in it.");
  EXPECT_EQ(listed[0].files, "[]");
}

TEST_F(release_store, a_census_counts_people_and_not_their_votes) {
  const auto battles = add_ready_battles(db, 3);
  for (const battle_id b : battles) agree(b, "take_part,be_counted,publish_votes,publish_text");
  db.sql(
      "update agon.battle set participant_id = (select participant_id from agon.battle where"
      " id = '" +
      to_string(battles[0]) + "') where id = '" + to_string(battles[1]) + "'");
  for (const battle_id b : battles) ASSERT_TRUE(record(own_vote(b)));
  const partition p = open("2026-11");
  EXPECT_EQ(releases->census(p).people, 2);
  EXPECT_EQ(releases->census(p).people_text, 2);
  consent_again(battles[2], "take_part,be_counted,publish_votes", "1 minute");
  EXPECT_EQ(releases->census(p).people, 2);
  EXPECT_EQ(releases->census(p).people_text, 1);
  consent_again(battles[0], "take_part,be_counted", "1 minute");
  EXPECT_EQ(releases->census(p).people, 1);
}

TEST_F(release_store, every_column_that_a_release_reads_is_published_or_kept_back_by_decision) {
  EXPECT_EQ(releases::undecided_column(releases->source_columns()), std::nullopt);
  db.sql("alter table agon.battle add column shoe_size int");
  EXPECT_EQ(releases::undecided_column(releases->source_columns()), "battle.shoe_size");
}

TEST_F(release_store, many_battles_come_in_order_of_their_ids) {
  const auto battles = add_ready_battles(db, 2500);
  db.sql(
      "insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,"
      " protocol_version, body, nonce, idempotency_key, answered_at) select 1, id,"
      " participant_id, 'preference', 'comparison', 0, 1, '{}', decode(repeat('00', 32), 'hex'),"
      " 'k', now() - interval '1 hour' from agon.battle order by random()");
  const auto rows = read(open("2026-11"));
  ASSERT_EQ(rows.size(), battles.size());
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].battle, to_string(battles[i]));
}

}  // namespace
}  // namespace agon::test
