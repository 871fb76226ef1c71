#include "services/store/postgres/judgment_writer.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "tests/integration/store/writer_fixture.hpp"

namespace agon::test {
namespace {

using ratings::outcome;

class judgment_writer : public writer_fixture {
 protected:
  // Records all at once; the answers in the same order.
  std::vector<result<arena::recorded>> record_all(std::vector<arena::submission> all) {
    boost::asio::io_context context;
    std::vector<std::optional<result<arena::recorded>>> answers(all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      boost::asio::co_spawn(context, writer().record(all[i]),
                            [&answers, i](std::exception_ptr, result<arena::recorded> r) {
                              answers[i] = std::move(r);
                            });
    context.run();
    std::vector<result<arena::recorded>> given;
    for (auto& a : answers) given.push_back(std::move(a).value());
    return given;
  }
  battle_id battle() { return add_ready_battles(db, 1).front(); }
};

TEST_F(judgment_writer, vote_is_kept_with_all_it_says) {
  arena::submission s = vote_on(battle(), outcome::both_bad);
  s.idempotency_key = R"(a "strange" \ key, {with} 'quotes')";
  const auto answer = record(s);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_FALSE(answer->repeated);
  EXPECT_EQ(answer->winner, outcome::both_bad);
  EXPECT_EQ(answer->answered_at, s.answered_at);
  const auto row = db.sql(
      "select arena_id, battle_id, participant_id, question, kind, winner, protocol_version, body,"
      " length(nonce), idempotency_key, answered_at = timestamptz 'epoch' + interval '1 us' * " +
      std::to_string(s.answered_at.time_since_epoch().count()) + " from agon.judgment");
  ASSERT_EQ(row.size(), 1U);
  EXPECT_THAT(row[0], testing::ElementsAre("1", to_string(s.battle), to_string(s.participant),
                                           "preference", "comparison", "3", "1",
                                           s.judgments[0].body, "32", s.idempotency_key, "t"));
}

TEST_F(judgment_writer, nonces_differ) {
  ASSERT_TRUE(record(vote_on(battle())));
  ASSERT_TRUE(record(vote_on(battle())));
  EXPECT_EQ(db.value("select count(distinct nonce) from agon.judgment"), "2");
}

TEST_F(judgment_writer, second_vote_for_a_battle_is_refused) {
  const arena::submission first = vote_on(battle(), outcome::a);
  arena::submission second = first;
  second.idempotency_key = "another";
  second.judgments = {vote_for(outcome::b)};
  ASSERT_TRUE(record(first));
  const auto answer = record(second);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::already_judged);
  EXPECT_EQ(db.value("select winner from agon.judgment"), "0");
}

TEST_F(judgment_writer, same_key_gets_the_first_receipt) {
  const arena::submission first = vote_on(battle(), outcome::a);
  arena::submission again = first;
  again.answered_at += std::chrono::seconds(5);
  again.judgments = {vote_for(outcome::b)};
  ASSERT_TRUE(record(first));
  const auto answer = record(again);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->repeated);
  EXPECT_EQ(answer->winner, outcome::a);
  EXPECT_EQ(answer->answered_at, first.answered_at);
  EXPECT_EQ(rows(), "1");
}

TEST_F(judgment_writer, participants_may_use_the_same_key) {
  const battle_id b = battle();
  arena::submission one = vote_on(b, outcome::a);
  arena::submission other = vote_on(b, outcome::b);
  one.idempotency_key = other.idempotency_key = "1";
  const auto answers = record_all({one, other});
  ASSERT_TRUE(answers[0]);
  ASSERT_TRUE(answers[1]);
  EXPECT_FALSE(answers[0]->repeated);
  EXPECT_FALSE(answers[1]->repeated);
  EXPECT_EQ(rows(), "2");
}

TEST_F(judgment_writer, of_two_votes_sent_at_once_one_wins) {
  const battle_id b = battle();
  const arena::submission first = vote_on(b, outcome::a);
  std::vector<arena::submission> all(8, first);
  for (std::size_t i = 1; i < all.size(); ++i) all[i].idempotency_key = std::to_string(i);
  const auto answers = record_all(all);
  const auto won = std::count_if(answers.begin(), answers.end(), [](const auto& a) { return !!a; });
  EXPECT_EQ(won, 1);
  for (const auto& a : answers) {
    if (!a) EXPECT_EQ(a.error().code, errc::already_judged);
  }
  EXPECT_EQ(rows(), "1");
}

TEST_F(judgment_writer, same_key_sent_at_once_gets_one_receipt_each) {
  const std::vector<arena::submission> all(8, vote_on(battle(), outcome::tie));
  const auto answers = record_all(all);
  int repeated = 0;
  for (const auto& a : answers) {
    ASSERT_TRUE(a) << a.error().detail;
    EXPECT_EQ(a->winner, outcome::tie);
    repeated += a->repeated ? 1 : 0;
  }
  EXPECT_EQ(repeated, 7);
  EXPECT_EQ(rows(), "1");
}

TEST_F(judgment_writer, vote_and_comments_go_in_together) {
  arena::submission s = vote_on(battle());
  s.judgments.push_back(comment("why_a"));
  s.judgments.push_back(comment("why_b"));
  ASSERT_TRUE(record(s));
  EXPECT_EQ(db.value("select count(distinct txid) || '/' || count(*) from agon.judgment"), "1/3");
}

TEST_F(judgment_writer, vote_stays_out_when_one_of_its_comments_is_refused) {
  arena::submission earlier = vote_on(battle());
  earlier.judgments = {comment("why_a")};
  ASSERT_TRUE(record(earlier));
  arena::submission s = earlier;
  s.idempotency_key = "another";
  s.judgments = {vote_for(outcome::a), comment("why_a"), comment("why_b")};
  const auto answer = record(s);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::already_judged);
  EXPECT_THAT(answer.error().detail, testing::HasSubstr("why_a"));
  EXPECT_EQ(rows(), "1");
}

TEST_F(judgment_writer, comments_after_the_vote_are_taken_once) {
  const arena::submission vote = vote_on(battle());
  ASSERT_TRUE(record(vote));
  arena::submission later = vote;
  later.idempotency_key = "later";
  later.judgments = {comment("why_a"), comment("overall")};
  const auto answer = record(later);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->winner, std::nullopt);
  const auto repeated = record(later);
  ASSERT_TRUE(repeated);
  EXPECT_TRUE(repeated->repeated);
  EXPECT_EQ(rows(), "3");
}

TEST_F(judgment_writer, refused_submissions_leave_the_others_of_a_batch_alone) {
  const auto battles = add_ready_battles(db, 20);
  std::vector<arena::submission> all;
  for (const battle_id b : battles) {
    all.push_back(vote_on(b));
    all.back().judgments.push_back(comment("why_a"));
  }
  ASSERT_TRUE(record(all[3]));
  ASSERT_TRUE(record(all[11]));
  for (auto& s : all) s.idempotency_key += "x";
  const auto answers = record_all(all);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(!answers[i], i == 3 || i == 11) << i;
  EXPECT_EQ(rows(), "40");
}

TEST_F(judgment_writer, row_without_a_partition_fails_alone) {
  std::vector<arena::submission> all;
  for (const battle_id b : add_ready_battles(db, 30)) all.push_back(vote_on(b));
  const time_point long_ago{std::chrono::sys_days{std::chrono::year{1999} / 5 / 1}};
  all[7].battle.value = first_uuid_of(long_ago);
  all[7].judgments.push_back(comment("why_a"));
  const auto answers = record_all(all);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(!answers[i], i == 7) << i;
  EXPECT_EQ(answers[7].error().code, errc::internal);
  EXPECT_EQ(rows(), "29");
}

TEST_F(judgment_writer, text_that_is_not_utf8_fails_alone) {
  const auto battles = add_ready_battles(db, 3);
  arena::submission bad = vote_on(battles[1]);
  bad.judgments.push_back(comment("why_a", "\xff\xfe"));
  const auto answers = record_all({vote_on(battles[0]), bad, vote_on(battles[2])});
  EXPECT_TRUE(answers[0]);
  EXPECT_FALSE(answers[1]);
  EXPECT_TRUE(answers[2]);
  EXPECT_EQ(rows(), "2");
}

TEST_F(judgment_writer, tells_what_a_participant_has_answered) {
  arena::submission s = vote_on(battle(), outcome::b);
  s.judgments.push_back(comment("why_b"));
  ASSERT_TRUE(record(s));
  const auto past = run(writer().judgments(s.battle, s.participant));
  ASSERT_TRUE(past);
  ASSERT_EQ(past->size(), 2U);
  for (const auto& p : *past) {
    EXPECT_EQ(p.idempotency_key, s.idempotency_key);
    EXPECT_EQ(p.answered_at, s.answered_at);
    EXPECT_EQ(p.winner.has_value(), p.question == "preference");
  }
  EXPECT_TRUE(run(writer().judgments(s.battle, new_id<participant_id>()))->empty());
}

TEST_F(judgment_writer, decides_about_the_battle_as_it_stands) {
  const battle_id id = battle();
  db.sql(
      "update agon.battle set gate_met_at = now(), protocol_version = 7, slot_support ="
      " '{full,partial:bpm}', failure = 'none', self_named = true where id = '" +
      to_string(id) + "'");
  arena::ballot seen;
  const arena::submission s = vote_on(id, outcome::b);
  const auto answer = run(writer().record(id, [&](arena::ballot b) {
    seen = std::move(b);
    return s;
  }));
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->winner, outcome::b);
  EXPECT_EQ(rows(), "1");
  EXPECT_EQ(seen.id, id);
  EXPECT_EQ(seen.arena, 1);
  EXPECT_EQ(to_string(seen.participant), db.value("select participant_id from agon.battle"));
  EXPECT_EQ(seen.protocol_version, 7);
  EXPECT_EQ(seen.state, arena::battle_state::ready);
  EXPECT_TRUE(seen.gate_met);
  EXPECT_TRUE(seen.self_named);
  EXPECT_GT(seen.expires_at, s.answered_at);
  EXPECT_EQ(seen.failure, "none");
  ASSERT_EQ(seen.slots.size(), 2U);
  EXPECT_EQ(seen.slots[1].system, 2);
  EXPECT_EQ(seen.slots[1].generation_seconds, 1);
  EXPECT_EQ(seen.slots[1].support, "partial:bpm");
}

TEST_F(judgment_writer, decision_that_refuses_or_throws_leaves_the_others_of_a_batch_alone) {
  const auto battles = add_ready_battles(db, 20);
  boost::asio::io_context context;
  std::vector<std::optional<errc>> answers(battles.size());
  for (std::size_t i = 0; i < battles.size(); ++i) {
    const arena::decision decide =
        [i, s = vote_on(battles[i])](const arena::ballot&) -> result<arena::submission> {
      if (i == 4) return fail(errc::gate_not_met, "no");
      if (i == 9) throw std::invalid_argument("a defect");
      return s;
    };
    const battle_id id = i == 14 ? new_id<battle_id>() : battles[i];
    boost::asio::co_spawn(context, writer().record(id, decide),
                          [&answers, i](std::exception_ptr, result<arena::recorded> r) {
                            if (!r) answers[i] = r.error().code;
                          });
  }
  context.run();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::optional<errc> expected = i == 4    ? std::optional(errc::gate_not_met)
                                         : i == 9  ? std::optional(errc::internal)
                                         : i == 14 ? std::optional(errc::not_found)
                                                   : std::nullopt;
    EXPECT_EQ(answers[i], expected) << i;
  }
  EXPECT_EQ(rows(), "17");
}

TEST_F(judgment_writer, submission_without_judgments_is_refused) {
  arena::submission s = vote_on(battle());
  s.judgments.clear();
  EXPECT_EQ(record(s).error().code, errc::invalid_input);
}

TEST_F(judgment_writer, full_queue_tells_callers_to_come_again) {
  settings.queue = 4;
  const auto battles = add_ready_battles(db, 40);
  connection other(db);
  other.sql("begin; lock table agon.judgment in exclusive mode");  // the first batch hangs on it
  boost::asio::io_context context;
  int kept = 0;
  int refused = 0;
  for (const battle_id b : battles)
    boost::asio::co_spawn(context, writer().record(vote_on(b)),
                          [&](std::exception_ptr, result<arena::recorded> r) {
                            if (r) {
                              ++kept;
                              return;
                            }
                            EXPECT_EQ(r.error().code, errc::overloaded);
                            EXPECT_EQ(r.error().retry_after, std::chrono::seconds(1));
                            if (++refused == 1) other.sql("commit");
                          });
  context.run();
  EXPECT_GE(kept, 4);
  EXPECT_GE(refused, 40 - 4 - 4 * 2);
  EXPECT_EQ(kept + refused, 40);
  EXPECT_EQ(rows(), std::to_string(kept));
}

TEST_F(judgment_writer, what_is_queued_is_written_before_it_stops) {
  const auto battles = add_ready_battles(db, 50);
  boost::asio::io_context context;
  int kept = 0;
  for (const battle_id b : battles)
    boost::asio::co_spawn(context, writer().record(vote_on(b)),
                          [&](std::exception_ptr, result<arena::recorded> r) {
                            if (r) ++kept;
                          });
  context.poll();
  writer().stop();
  context.run();
  EXPECT_EQ(kept, 50);
  EXPECT_EQ(rows(), "50");
  EXPECT_EQ(record(vote_on(battles[0])).error().code, errc::unavailable);
}

}  // namespace
}  // namespace agon::test
