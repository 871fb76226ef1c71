#include "services/store/postgres/rating_store.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "services/store/postgres/board_store.hpp"
#include "services/store/postgres/withdrawal_store.hpp"
#include "tests/integration/store/writer_fixture.hpp"

namespace agon::test {
namespace {

using boards::counted_vote;
using ratings::outcome;

class rating_store : public writer_fixture {
 protected:
  std::vector<outcome> votes_between(std::uint64_t from, std::uint64_t to) {
    std::vector<outcome> winners;
    ratings->read_votes(1, from, to, {},
                        [&](const counted_vote& v) { winners.push_back(v.winner); });
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
  static boards::stored_board board(std::string method, std::int64_t votes,
                                    std::string segment = "") {
    boards::stored_board b;
    b.arena = 1;
    b.method = std::move(method);
    b.segment = std::move(segment);
    b.computed_at = now();
    b.votes = votes;
    b.inputs_sha256 = std::string(64, 'c');
    b.body = "{\"votes\":" + std::to_string(votes) + "}";
    return b;
  }

  // Publishes from one watermark to the next.
  std::optional<int> publish(std::uint64_t from, std::uint64_t to,
                             std::vector<boards::stored_board> boards) {
    const auto votes = static_cast<std::int64_t>(to);
    return ratings->publish({from, {1, to, "{}", votes, "rules", "boards"}, false, {}, boards});
  }
  result<boards::stored_board> newest(std::string method, std::string segment = "") {
    return run(boards_->newest({1, std::move(method), std::move(segment)}));
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
  // PostgreSQL lets go of the lock when its process has seen the end of the connection.
  bool elected = false;
  for (int i = 0; i < 100 && !elected; ++i) {
    elected = other->elected();
    if (!elected) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_TRUE(elected);
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

TEST_F(rating_store, votes_bring_what_style_and_weights_need_if_asked) {
  const auto battles = add_ready_battles(db, 1);
  db.sql(
      "update agon.battle set style_set = 'audio/1', slot_style = '{2,-16,3,-18}',"
      " generation_seconds = '{0.5,1.5}', sampling_probability = 0.25");
  ASSERT_TRUE(record(vote_on(battles[0], outcome::a)));
  std::vector<counted_vote> votes;
  const auto keep = [&](const counted_vote& v) { votes.push_back(v); };
  ratings->read_votes(1, 0, ratings->horizon(), {}, keep);
  ratings->read_votes(
      1, 0, ratings->horizon(),
      {.context = true, .probability = true, .participant = true, .prompt = true, .request = true},
      keep);
  ASSERT_EQ(votes.size(), 2U);
  EXPECT_TRUE(votes[0].style.empty() && votes[0].participant.empty() && votes[0].prompt.empty());
  EXPECT_EQ(votes[1].style_set, "audio/1");
  EXPECT_EQ(votes[1].style, (std::vector<double>{2, -16, 3, -18}));
  EXPECT_EQ(votes[1].generation_seconds, (std::vector<double>{0.5, 1.5}));
  EXPECT_EQ(votes[1].probability, 0.25);
  EXPECT_EQ(votes[1].participant.size(), 36U);
  EXPECT_FALSE(votes[1].prompt.empty());
  EXPECT_EQ(votes[1].prompt_source, "typed");
  EXPECT_EQ(votes[1].request, "{}");
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

TEST_F(rating_store, votes_that_are_taken_back_are_not_read_from_then_on) {
  const auto ids = add_ready_battles(db, 2);
  const arena::submission kept = vote_on(ids[0], outcome::a);
  const arena::submission taken = vote_on(ids[1], outcome::b);
  ASSERT_TRUE(record(kept));
  ASSERT_TRUE(record(taken));
  const std::uint64_t before = ratings->horizon();
  const auto withdrawals = store::make_withdrawal_store(pool);
  EXPECT_EQ(run(withdrawals->withdraw(ids[0], taken.participant, now())).value(), std::nullopt);
  const time_point since = now();
  EXPECT_EQ(run(withdrawals->withdraw(ids[1], taken.participant, since)).value(), since);
  EXPECT_EQ(run(withdrawals->withdraw(ids[1], taken.participant, now())).value(), since);
  const std::uint64_t after = ratings->horizon();
  EXPECT_EQ(votes_between(0, before).size(), 2U) << "as of then it was not taken back";
  EXPECT_THAT(votes_between(0, after), testing::ElementsAre(outcome::a));
  EXPECT_TRUE(ratings->votes_withdrawn(1, before, after));
  EXPECT_FALSE(ratings->votes_withdrawn(1, 0, after)) << "nothing was counted before";
  EXPECT_FALSE(ratings->votes_withdrawn(1, after, after + 100));
  EXPECT_FALSE(ratings->votes_withdrawn(2, before, after));
  const auto past = run(writer().judgments(ids[1], taken.participant)).value();
  EXPECT_EQ(past.at(0).withdrawn_at, since);
}

TEST_F(rating_store, votes_carry_what_segments_are_made_of) {
  const auto battles = add_ready_battles(db, 2);
  db.sql("update agon.battle set language = 'de' where id = '" + to_string(battles[0]) + "'");
  arena::submission s = vote_on(battles[0], outcome::b);
  s.answered_at = parse_rfc3339("2026-01-01T00:30:00+02:00").value();
  s.judgments.push_back({"voice", feedback::question_kind::comparison, std::nullopt,
                         R"({"after_reveal":false,"criterion":"voice","value":{"winner":"tie"}})"});
  ASSERT_TRUE(record(s));
  arena::submission late = vote_on(battles[1], outcome::a);
  late.judgments.push_back({"voice", feedback::question_kind::comparison, std::nullopt,
                            R"({"after_reveal":true,"criterion":"voice","value":{"winner":"a"}})"});
  ASSERT_TRUE(record(late));
  db.sql(
      "insert into agon.quarantine (arena_id, participant_id, reason) select 1, participant_id,"
      " 'a bot' from agon.judgment where battle_id = '" +
      to_string(battles[1]) + "' limit 1");
  std::vector<counted_vote> seen;
  ratings->read_votes(1, 0, ratings->horizon(), {.criteria = true},
                      [&](const counted_vote& v) { seen.push_back(v); });
  ASSERT_EQ(seen.size(), 3U) << "what was answered after the reveal is no blind comparison";
  EXPECT_EQ(seen[0].winner, outcome::b);
  EXPECT_EQ(seen[0].language, "de");
  EXPECT_EQ(seen[0].day, "2025-12-31");
  EXPECT_EQ(seen[0].week, "2026-W01");
  EXPECT_EQ(seen[0].criterion, "");
  EXPECT_FALSE(seen[0].quarantined);
  EXPECT_EQ(seen[1].winner, outcome::tie);
  EXPECT_EQ(seen[1].criterion, "voice");
  EXPECT_EQ(seen[2].winner, outcome::a);
  EXPECT_TRUE(seen[2].quarantined);
  EXPECT_NE(ratings->arenas()[0].quarantine, "");
  db.sql("update agon.quarantine set lifted_at = now()");
  EXPECT_EQ(ratings->arenas()[0].quarantine, "");
}

TEST_F(rating_store, progress_tallies_and_boards_are_published_together) {
  EXPECT_EQ(ratings->progress(1).watermark, 0U);
  EXPECT_EQ(newest("elo").error().code, errc::not_found);
  boards::publication p;
  p.progress = {1, 700, "{\"elo\":1}", 3, "rules", "boards"};
  p.tallies[""] = {{1, 2, 1, 0, 1, 0}, {1, 4, 0, 1, 0, 0}};
  p.tallies["language:en"] = {{1, 2, 1, 0, 0, 0}};
  p.boards = {board("bradley_terry", 3), board("elo", 3), board("bradley_terry", 1, "language:en")};
  ASSERT_EQ(ratings->publish(p), 3);
  const auto stored = ratings->progress(1);
  EXPECT_EQ(stored.watermark, 700U);
  EXPECT_EQ(stored.elo, p.progress.elo);
  EXPECT_EQ(stored.votes, 3);
  EXPECT_EQ(stored.counted_as, "rules");
  EXPECT_EQ(stored.published_as, "boards");
  EXPECT_EQ(ratings->tallies(1, ""), p.tallies[""]);
  EXPECT_EQ(ratings->tallies(1, "language:en"), p.tallies["language:en"]);
  EXPECT_TRUE(ratings->tallies(1, "language:de").empty());
  EXPECT_THAT(ratings->segments(1), testing::ElementsAre("", "language:en"));
  EXPECT_EQ(newest("elo")->version, 1);
  EXPECT_EQ(newest("elo")->body, "{\"votes\":3}");
  EXPECT_EQ(newest("elo")->inputs_sha256, std::string(64, 'c'));
  EXPECT_EQ(newest("bradley_terry", "language:en")->votes, 1);
  const auto counted = run(boards_->counted({1, "bradley_terry", "language:en"})).value();
  EXPECT_EQ(counted.board->votes, 1);
  EXPECT_EQ(counted.tallies, p.tallies["language:en"]);
  EXPECT_EQ(counted.overall, p.tallies[""]);
  EXPECT_EQ(counted.systems.size(), 4U);
}

TEST_F(rating_store, counting_afresh_replaces_all_tallies) {
  boards::publication p;
  p.progress = {1, 10, "{}", 1, "rules", "boards"};
  p.tallies[""] = {{1, 2, 1, 0, 0, 0}};
  p.tallies["language:en"] = {{1, 2, 1, 0, 0, 0}};
  p.boards = {board("bradley_terry", 1, "language:en")};
  ASSERT_TRUE(ratings->publish(p));
  p.expected_watermark = 10;
  p.afresh = true;
  p.progress.watermark = 20;
  p.tallies.clear();
  p.tallies[""] = {{1, 3, 0, 1, 0, 0}};
  p.boards.clear();
  ASSERT_EQ(ratings->publish(p), 0);
  EXPECT_EQ(ratings->tallies(1, ""), p.tallies[""]);
  EXPECT_THAT(ratings->segments(1), testing::ElementsAre(""));
  EXPECT_EQ(newest("bradley_terry", "language:en").error().code, errc::not_found)
      << "its votes are no longer counted";
  EXPECT_TRUE(run(boards_->current(1))->empty());
}

TEST_F(rating_store, newest_board_of_an_hour_replaces_the_others) {
  ASSERT_EQ(publish(0, 10, {board("elo", 1)}), 1);
  ASSERT_EQ(publish(10, 20, {board("elo", 2)}), 1);
  boards::stored_board later = board("elo", 3);
  later.computed_at += std::chrono::hours(1);
  ASSERT_EQ(publish(20, 30, {later}), 1);
  ASSERT_EQ(publish(30, 40, {board("elo", 4)}), 1) << "clock went back";
  EXPECT_EQ(db.value("select count(*) from agon.board"), "2");
  const auto versions = run(boards_->versions()).value();
  ASSERT_EQ(versions.size(), 1U);
  EXPECT_EQ(versions[0].version, 4);
  EXPECT_EQ(versions[0].votes, 4);
  EXPECT_EQ(newest("elo")->votes, 4);
}

TEST_F(rating_store, board_whose_bytes_stay_gets_no_new_version) {
  ASSERT_EQ(publish(0, 10, {board("elo", 1), board("bradley_terry", 1)}), 2);
  ASSERT_EQ(publish(10, 20, {board("elo", 1), board("bradley_terry", 2)}), 1);
  EXPECT_EQ(newest("elo")->version, 1);
  EXPECT_EQ(newest("bradley_terry")->version, 2);
}

TEST_F(rating_store, boards_are_found_by_their_date) {
  const time_point start = now() - std::chrono::hours(100);
  for (int i = 0; i < 50; ++i) {
    boards::stored_board b = board("elo", i + 1);
    b.computed_at = start + std::chrono::hours(2 * i);
    const auto from = static_cast<std::uint64_t>(i);
    ASSERT_EQ(publish(from, from + 1, {b}), 1);
  }
  const boards::board_key elo{1, "elo", ""};
  EXPECT_EQ(run(boards_->at(elo, start + std::chrono::minutes(2 * 60 * 7 + 30)))->votes, 8);
  EXPECT_EQ(run(boards_->at(elo, now() + std::chrono::hours(9)))->votes, 50);
  EXPECT_EQ(run(boards_->at(elo, start - std::chrono::seconds(1))).error().code, errc::not_found);
  const auto first = run(boards_->kept(elo, {.before = std::nullopt, .limit = 20})).value();
  ASSERT_EQ(first.size(), 20U);
  EXPECT_EQ(first.front().version, 50);
  const auto next = run(boards_->kept(elo, {.before = first.back().version, .limit = 40})).value();
  ASSERT_EQ(next.size(), 30U);
  EXPECT_EQ(next.front().version, 30);
  EXPECT_EQ(next.back().inputs_sha256, std::string(64, 'c'));
  const auto history = run(boards_->history(elo, {start, now(), std::chrono::hours(10)})).value();
  ASSERT_GE(history.size(), 10U);
  ASSERT_LE(history.size(), 11U);
  EXPECT_EQ(history.back().votes, 50);
  for (std::size_t i = 1; i < history.size(); ++i)
    EXPECT_LT(history[i - 1].computed_at, history[i].computed_at);
}

TEST_F(rating_store, job_that_was_overtaken_writes_nothing) {
  ASSERT_TRUE(publish(0, 10, {board("elo", 1)}));
  EXPECT_FALSE(publish(0, 20, {board("elo", 2)}));
  EXPECT_FALSE(publish(7, 20, {board("elo", 2)}));
  EXPECT_EQ(ratings->progress(1).votes, 10);
  EXPECT_TRUE(ratings->tallies(1, "").empty());
  EXPECT_EQ(newest("elo")->version, 1);
}

TEST_F(rating_store, speeds_are_those_of_the_outputs_that_were_shown) {
  EXPECT_TRUE(run(boards_->speeds(1))->empty());
  const auto battles = add_ready_battles(db, 4);
  for (std::size_t i = 0; i < battles.size(); ++i)
    db.sql(
        "insert into agon.output (arena_id, battle_id, slot, attempt, id, system_id, status,"
        " generation_seconds, seconds) values (1, '" +
        to_string(battles[i]) + "', 0, 0, gen_random_uuid(), 1, '" + (i == 3 ? "failed" : "shown") +
        "', " + std::to_string(i + 1) + ", 4)");
  ratings->measure_speed(1);
  EXPECT_TRUE(run(boards_->speeds(1))->empty()) << "a battle that waits for its vote shows nothing";
  db.sql("update agon.battle set expires_at = now() - interval '1 second'");
  ratings->measure_speed(1);
  const auto speeds = run(boards_->speeds(1)).value();
  ASSERT_EQ(speeds.size(), 1U);
  EXPECT_EQ(speeds[0].system, "system-1");
  EXPECT_EQ(speeds[0].outputs, 3);
  EXPECT_EQ(speeds[0].failures, 1);
  EXPECT_DOUBLE_EQ(speeds[0].seconds_median, 2);
  EXPECT_DOUBLE_EQ(speeds[0].real_time_factor.value(), 0.5);
}

}  // namespace
}  // namespace agon::test
