#include "services/store/postgres/rating_store.hpp"

#include <gmock/gmock.h>

#include "services/store/postgres/board_store.hpp"
#include "tests/integration/store/writer_fixture.hpp"

namespace agon::test {
namespace {

using boards::counted_vote;
using ratings::outcome;

class rating_store : public writer_fixture {
 protected:
  std::vector<outcome> votes_between(std::uint64_t from, std::uint64_t to) {
    std::vector<outcome> winners;
    ratings->read_votes(1, from, to, [&](const counted_vote& v) { winners.push_back(v.winner); });
    return winners;
  }
  // Inserts a judgment in a transaction that stays open.
  static void insert_judgment(connection& c, battle_id battle, outcome winner) {
    c.sql(
        "insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,"
        " protocol_version, body, nonce, idempotency_key, answered_at) values (1, '" +
        to_string(battle) + "', gen_random_uuid(), 'preference', 'comparison', " +
        std::to_string(static_cast<int>(winner)) +
        ", 1, '{}', decode(repeat('00', 32), 'hex'), gen_random_uuid()::text, now())");
  }
  static boards::stored_board board(std::string method, std::int64_t votes) {
    boards::stored_board b;
    b.arena = 1;
    b.method = std::move(method);
    b.computed_at = now();
    b.votes = votes;
    b.inputs_sha256 = std::string(64, 'c');
    b.body = "{\"votes\":" + std::to_string(votes) + "}";
    return b;
  }

  std::unique_ptr<boards::rating_store> ratings =
      store::make_rating_store(db.settings("agon_rate"));
  std::unique_ptr<boards::board_store> boards_ = store::make_board_store(pool);
};

TEST_F(rating_store, lists_arenas_with_all_their_systems) {
  db.sql("update agon.system set active = false where id = 3");
  const auto arenas = ratings->arenas();
  ASSERT_EQ(arenas.size(), 1U);
  EXPECT_EQ(arenas[0].slug, "speech");
  ASSERT_EQ(arenas[0].systems.size(), 4U);
  EXPECT_EQ(arenas[0].systems[2], (std::pair<int, std::string>{3, "system-3"}));
}

TEST_F(rating_store, one_process_is_elected) {
  const auto other = store::make_rating_store(db.settings("agon_rate"));
  EXPECT_TRUE(ratings->elected());
  EXPECT_TRUE(ratings->elected());
  EXPECT_FALSE(other->elected());
  ratings.reset();
  EXPECT_TRUE(other->elected());
}

TEST_F(rating_store, votes_come_in_order_of_commit_without_those_that_do_not_count) {
  const auto battles = add_ready_battles(db, 5);
  db.sql("update agon.battle set purposes = '{take_part}' where id = '" + to_string(battles[2]) +
         "'");
  const std::vector<outcome> winners{outcome::a, outcome::b, outcome::a, outcome::both_bad,
                                     outcome::tie};
  for (std::size_t i = 0; i < battles.size(); ++i) {
    arena::submission s = vote_on(battles[i], winners[i]);
    s.judgments.push_back(comment("why_a"));
    ASSERT_TRUE(record(s));
  }
  EXPECT_THAT(votes_between(0, ratings->horizon()),
              testing::ElementsAre(outcome::a, outcome::b, outcome::both_bad, outcome::tie));
}

TEST_F(rating_store, vote_that_commits_late_is_not_missed) {
  const auto battles = add_ready_battles(db, 3);
  connection slow(db);
  slow.sql("begin");
  insert_judgment(slow, battles[0], outcome::a);
  ASSERT_TRUE(record(vote_on(battles[1], outcome::b)));
  const std::uint64_t first = ratings->horizon();
  const auto before = votes_between(0, first);
  slow.sql("commit");
  ASSERT_TRUE(record(vote_on(battles[2], outcome::tie)));
  const std::uint64_t second = ratings->horizon();
  auto all = before;
  for (const outcome o : votes_between(first, second)) all.push_back(o);
  EXPECT_TRUE(before.empty()) << "the open transaction is older than the vote that is there";
  EXPECT_THAT(all, testing::ElementsAre(outcome::a, outcome::b, outcome::tie));
}

TEST_F(rating_store, ranges_that_follow_each_other_count_every_vote_once) {
  // Four sessions whose transactions overlap at random, while ranges are read.
  const auto battles = add_ready_battles(db, 200);
  std::vector<std::unique_ptr<connection>> sessions;
  std::vector<bool> open(4, false);
  for (int i = 0; i < 4; ++i) sessions.push_back(std::make_unique<connection>(db));
  std::uint64_t watermark = 0;
  std::size_t counted = 0;
  for (const battle_id b : battles) {
    const auto i = static_cast<std::size_t>(random.below(4));
    if (!open[i]) sessions[i]->sql("begin");
    insert_judgment(*sessions[i], b, outcome::a);
    open[i] = random.below(3) != 0;
    if (!open[i]) sessions[i]->sql("commit");
    if (random.below(5) == 0) {
      const std::uint64_t to = ratings->horizon();
      counted += votes_between(watermark, to).size();
      watermark = to;
    }
  }
  for (std::size_t i = 0; i < 4; ++i)
    if (open[i]) sessions[i]->sql("commit");
  counted += votes_between(watermark, ratings->horizon()).size();
  EXPECT_EQ(counted, 200U);
}

TEST_F(rating_store, progress_and_boards_are_published_together) {
  EXPECT_EQ(ratings->progress(1).watermark, 0U);
  EXPECT_EQ(run(boards_->newest(1, "elo")).error().code, errc::not_found);
  const boards::rating_progress p{
      1, 700, "{\"elo\":1}", 3, {{1, 2, 1, 0, 1, 0}, {1, 4, 0, 1, 0, 0}}};
  ASSERT_TRUE(ratings->publish(0, p, {board("bradley_terry", 3), board("elo", 3)}));
  const auto stored = ratings->progress(1);
  EXPECT_EQ(stored.watermark, 700U);
  EXPECT_EQ(stored.elo, p.elo);
  EXPECT_EQ(stored.votes, 3);
  ASSERT_EQ(stored.tallies.size(), 2U);
  EXPECT_EQ(stored.tallies[1].system_b, 4);
  EXPECT_EQ(stored.tallies[1].wins_b, 1);
  const auto newest = run(boards_->newest(1, "elo")).value();
  EXPECT_EQ(newest.version, 1);
  EXPECT_EQ(newest.body, "{\"votes\":3}");
  EXPECT_EQ(newest.inputs_sha256, std::string(64, 'c'));
}

TEST_F(rating_store, newest_board_of_an_hour_replaces_the_others) {
  ASSERT_TRUE(ratings->publish(0, {1, 10, "{}", 1, {}}, {board("elo", 1)}));
  ASSERT_TRUE(ratings->publish(10, {1, 20, "{}", 2, {}}, {board("elo", 2)}));
  boards::stored_board later = board("elo", 3);
  later.computed_at += std::chrono::hours(1);
  ASSERT_TRUE(ratings->publish(20, {1, 30, "{}", 3, {}}, {later}));
  ASSERT_TRUE(ratings->publish(30, {1, 40, "{}", 4, {}}, {board("elo", 4)})) << "clock went back";
  EXPECT_EQ(db.value("select count(*) from agon.board"), "2");
  const auto versions = run(boards_->versions()).value();
  ASSERT_EQ(versions.size(), 1U);
  EXPECT_EQ(versions[0].version, 4);
  EXPECT_EQ(versions[0].votes, 4);
  EXPECT_EQ(run(boards_->newest(1, "elo"))->votes, 4);
}

TEST_F(rating_store, job_that_was_overtaken_writes_nothing) {
  ASSERT_TRUE(ratings->publish(0, {1, 10, "{}", 1, {}}, {board("elo", 1)}));
  EXPECT_FALSE(ratings->publish(0, {1, 20, "{}", 2, {{1, 2, 2, 0, 0, 0}}}, {board("elo", 2)}));
  EXPECT_FALSE(ratings->publish(7, {1, 20, "{}", 2, {}}, {board("elo", 2)}));
  EXPECT_EQ(ratings->progress(1).votes, 1);
  EXPECT_TRUE(ratings->progress(1).tallies.empty());
  EXPECT_EQ(run(boards_->newest(1, "elo"))->version, 1);
}

}  // namespace
}  // namespace agon::test
