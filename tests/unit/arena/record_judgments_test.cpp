#include "services/arena/record_judgments.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <map>

#include "services/arena/record_exposures.hpp"
#include "services/arena/withdraw_vote.hpp"

namespace agon::arena {
namespace {

template <class T>
T run(awaitable<T> call) {
  boost::asio::io_context loop;
  auto answer = boost::asio::co_spawn(loop, std::move(call), boost::asio::use_future);
  loop.run();
  return answer.get();
}

const char* file = R"(id: test
title: Test
description: A test.
modality: audio
prompt_label: Say
consent:
  title: Terms
  text: Be kind.
  purposes:
    - {id: take_part, label: I take part, required: true}
protocol:
  questions:
    - {id: overall, kind: comparison, label: "Which is better?"}
    - {id: comment, kind: comment, label: "Why?"}
release: {licence: CC-BY-4.0}
systems:
  - {id: one, name: One, maker: M, licence: MIT, description: D, adapter: command, command: {argv: [cat]}}
  - {id: two, name: Two, maker: M, licence: MIT, description: D, adapter: command, command: {argv: [cat]}}
)";

class one_arena final : public arena_store {
 public:
  awaitable<result<applied>> apply(const arena&) override { co_return applied{}; }
  awaitable<result<std::vector<stored_arena>>> load_all() override {
    co_return std::vector<stored_arena>{{1, 1, 1, file, {{"one", 1}, {"two", 2}}}};
  }
  std::map<int, std::string> older;  // protocols by version
  awaitable<result<std::string>> protocol(int, int version) override {
    if (older.contains(version)) co_return older.at(version);
    co_return fail(errc::not_found, "no");
  }
  awaitable<result<std::vector<arena_counts>>> counts() override {
    co_return std::vector<arena_counts>{};
  }
};

class battles_in_memory final : public battle_store {
 public:
  std::map<battle_id, battle> kept;
  std::vector<exposure_event> events;
  past_attention attention;  // the participant's other battles, and whether this one was judged

  awaitable<result<created_battle>> create(battle, std::string, std::string) override {
    co_return created_battle{};
  }
  awaitable<result<std::optional<battle_id>>> find_request(participant_id, std::string,
                                                           std::string) override {
    co_return std::optional<battle_id>();
  }
  awaitable<result<battle>> find(battle_id id) override {
    if (!kept.contains(id)) co_return fail(errc::not_found, "There is no such battle.");
    co_return kept.at(id);
  }
  awaitable<result<void>> start(battle_id) override { co_return result<void>{}; }
  awaitable<result<void>> add_output(output) override { co_return result<void>{}; }
  awaitable<result<void>> make_ready(battle) override { co_return result<void>{}; }
  awaitable<result<void>> fail(battle_id, std::string) override { co_return result<void>{}; }
  awaitable<result<std::size_t>> fail_abandoned(time_point, std::string) override {
    co_return std::size_t{0};
  }
  awaitable<result<std::vector<output>>> shown_outputs(battle_id) override {
    output o;
    o.media = media_file{.name = "n", .type = "audio/wav", .sha256 = {}, .seconds = 5, .peaks = {}};
    output second = o;
    second.slot = 1;
    co_return std::vector<output>{o, second};
  }
  awaitable<result<std::vector<exposure_event>>> exposures(battle_id) override { co_return events; }
  awaitable<result<exposure_record>> add_exposures(exposure_record r, participant_id,
                                                   crediting rule) override {
    events.insert(events.end(), r.events.begin(), r.events.end());
    battle& b = kept.at(r.battle);
    past_attention past = attention;
    past.gate_met_at = b.gate_met_at;
    past.heard_seconds.clear();
    for (const battle_slot& s : b.slots) past.heard_seconds.push_back(s.heard_seconds);
    rule(r, past);
    for (std::size_t i = 0; i < b.slots.size(); ++i) b.slots[i].heard_seconds = r.heard_seconds[i];
    b.gate_met_at = r.gate_met_at;
    co_return r;
  }

 private:
  static error fail(errc code, std::string detail) { return agon::fail(code, std::move(detail)); }
};

class log_in_memory final : public judgment_log {
 public:
  explicit log_in_memory(battles_in_memory& battles) : battles_(battles) {}
  std::vector<past_judgment> rows;
  awaitable<result<recorded>> record(battle_id id, decision decide) override {
    auto found = co_await battles_.find(id);
    if (!found) co_return found.error();
    auto decided = decide(ballot_of(*found));
    if (!decided) co_return decided.error();
    auto durable = co_await record(std::move(*decided));
    co_return durable;
  }
  awaitable<result<recorded>> record(submission s) override {
    for (const auto& j : s.judgments)
      for (const past_judgment& old : rows)
        if (old.question == j.question) {
          if (old.idempotency_key == s.idempotency_key)
            co_return recorded{old.answered_at, true, old.winner};
          co_return fail(errc::already_judged, "You have judged this battle already.");
        }
    for (const auto& j : s.judgments)
      rows.push_back({j.question, j.winner, s.answered_at, s.idempotency_key});
    co_return recorded{s.answered_at, false, s.judgments.front().winner};
  }
  awaitable<result<std::vector<past_judgment>>> judgments(battle_id, participant_id) override {
    co_return rows;
  }

 private:
  battles_in_memory& battles_;
};

class withdrawals_in_memory final : public withdrawal_store {
 public:
  explicit withdrawals_in_memory(log_in_memory& log) : log_(log) {}
  awaitable<result<std::optional<time_point>>> withdraw(battle_id, participant_id,
                                                        time_point now) override {
    std::optional<time_point> since;
    for (past_judgment& j : log_.rows) {
      if (!j.withdrawn_at) j.withdrawn_at = now;
      if (j.winner) since = j.withdrawn_at;
    }
    co_return since;
  }

 private:
  log_in_memory& log_;
};

class set_clock final : public clock_source {
 public:
  time_point moment = *parse_rfc3339("2026-11-24T03:00:00Z");
  [[nodiscard]] time_point now() const override { return moment; }
};

struct judging : testing::Test {
  boost::asio::io_context work;
  one_arena arenas_stored;
  arena_catalog arenas{work.get_executor(), arenas_stored};
  battles_in_memory battles;
  log_in_memory log{battles};
  set_clock clock;
  record_judgments judge{arenas, log, clock};
  record_exposures expose{battles, clock};
  withdrawals_in_memory withdrawals{log};
  withdraw_vote withdraw{arenas, battles, judge, withdrawals, clock};
  crypto::system_random random;
  id_source ids{clock, random};
  participant_id anna = ids.make<participant_id>();
  battle b;

  void SetUp() override {
    ASSERT_TRUE(run(arenas.refresh()));
    b.arena = 1;
    b.id = ids.make<battle_id>();
    b.participant = anna;
    b.protocol_version = 1;
    b.state = battle_state::ready;
    b.slots = {{.system = 1, .output = {}, .required_seconds = 2},
               {.system = 2, .output = {}, .required_seconds = 2}};
    b.ready_at = clock.moment;
    b.gate_met_at = clock.moment;
    b.expires_at = clock.moment + std::chrono::hours(1);
    battles.kept[b.id] = b;
  }
  void store() { battles.kept[b.id] = b; }
  result<receipt> vote(std::string key = "key-00001", participant_id who = {},
                       std::vector<feedback::answer> answers = {{"overall", "a"}}) {
    if (who == participant_id{}) who = anna;
    return run(judge.run({b.id, who, std::move(key), std::move(answers), {}, {}, {}}));
  }
};

TEST_F(judging, a_vote_gives_a_receipt_with_the_systems) {
  const auto r = vote();
  ASSERT_TRUE(r);
  EXPECT_EQ(r->winner, ratings::outcome::a);
  EXPECT_EQ(r->b.slots[1].system, 2);
  EXPECT_FALSE(r->repeated);
}

TEST_F(judging, the_same_key_gets_the_first_receipt_even_after_expiry) {
  ASSERT_TRUE(vote());
  EXPECT_TRUE(vote()->repeated);
  clock.moment += std::chrono::hours(2);
  const auto again = vote();
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->winner, ratings::outcome::a);
}

TEST_F(judging, a_second_vote_is_refused) {
  ASSERT_TRUE(vote());
  EXPECT_EQ(vote("key-00002").error().code, errc::already_judged);
  EXPECT_EQ(log.rows.size(), 1U);
}

TEST_F(judging, another_session_does_not_even_learn_that_the_battle_exists) {
  EXPECT_EQ(vote("key-00001", ids.make<participant_id>()).error().code, errc::not_found);
}

TEST_F(judging, before_the_gate_after_expiry_and_before_it_is_ready_it_is_refused) {
  b.gate_met_at.reset();
  store();
  EXPECT_EQ(vote().error().code, errc::gate_not_met);
  b.state = battle_state::generating;
  store();
  EXPECT_EQ(vote().error().code, errc::battle_not_ready);
  b.state = battle_state::failed;
  store();
  EXPECT_EQ(vote().error().code, errc::battle_failed);
  b.state = battle_state::ready;
  b.gate_met_at = clock.moment;
  store();
  clock.moment += std::chrono::hours(1);
  EXPECT_EQ(vote().error().code, errc::battle_expired);
  EXPECT_TRUE(log.rows.empty());
}

TEST_F(judging, comments_follow_a_vote_but_do_not_come_without_one) {
  EXPECT_EQ(vote("key-00001", anna, {{"comment", "why"}}).error().code, errc::invalid_input);
  ASSERT_TRUE(vote());
  EXPECT_TRUE(vote("key-00002", anna, {{"comment", "why"}}));
  EXPECT_EQ(vote("key-00003", anna, {{"comment", "else"}}).error().code, errc::already_judged);
}

TEST_F(judging, battle_made_under_an_older_protocol_is_judged_by_that) {
  b.protocol_version = 7;
  store();
  EXPECT_EQ(vote().error().code, errc::not_found) << "nobody knows this version";
  arenas_stored.older[7] = R"([{"id":"better","kind":"comparison","target":"battle",
                              "criterion":"overall","label":"Which?","required":true}])";
  EXPECT_EQ(vote().error().code, errc::invalid_input) << "overall was not asked then";
  EXPECT_TRUE(vote("key-00002", anna, {{"better", "b"}}));
}

TEST_F(judging, the_gate_opens_only_when_as_much_time_has_really_passed) {
  b.gate_met_at.reset();
  store();
  std::vector<exposure_event> events;
  for (int slot = 0; slot < 2; ++slot) {
    events.push_back({slot * 2, slot, exposure_kind::play, 0, clock.moment, clock.moment});
    events.push_back({slot * 2 + 1, slot, exposure_kind::pause, 3,
                      clock.moment + std::chrono::seconds(3), clock.moment});
  }
  const auto at_once = run(expose.run(b.id, anna, events));
  ASSERT_TRUE(at_once);
  EXPECT_LE(at_once->slots[0].heard_seconds, 0.5);
  EXPECT_FALSE(at_once->gate_met_at) << "six seconds cannot have been heard in none";
  clock.moment += std::chrono::seconds(3);
  EXPECT_FALSE(run(expose.run(b.id, anna, events))->gate_met_at);
  clock.moment += std::chrono::seconds(3);
  const auto later = run(expose.run(b.id, anna, events));
  EXPECT_TRUE(later->gate_met_at);
  EXPECT_EQ(later->slots[1].heard_seconds, 3);
  EXPECT_EQ(battles.events.size(), 4U) << "sent twice, kept once";
}

TEST_F(judging, one_pair_of_ears_does_not_serve_two_battles_at_once) {
  b.gate_met_at.reset();
  store();
  battles.attention.others = {{.arena = 1, .ready_at = clock.moment, .heard_seconds = {2, 2}}};
  std::vector<exposure_event> events;
  for (int slot = 0; slot < 2; ++slot) {
    events.push_back({slot * 2, slot, exposure_kind::play, 0, clock.moment, clock.moment});
    events.push_back({slot * 2 + 1, slot, exposure_kind::pause, 2,
                      clock.moment + std::chrono::seconds(2), clock.moment});
  }
  clock.moment += std::chrono::seconds(4);
  EXPECT_FALSE(run(expose.run(b.id, anna, events))->gate_met_at) << "these four were the other's";
  clock.moment += std::chrono::seconds(4);
  EXPECT_TRUE(run(expose.run(b.id, anna, events))->gate_met_at);
}

TEST_F(judging, what_is_heard_after_the_vote_changes_nothing) {
  b.slots[0].heard_seconds = 2;
  b.slots[1].heard_seconds = 2.5;
  store();
  battles.attention.voted = true;
  clock.moment += std::chrono::minutes(1);
  const auto heard = run(expose.run(
      b.id, anna,
      {{0, 0, exposure_kind::play, 0, clock.moment, clock.moment},
       {1, 0, exposure_kind::pause, 5, clock.moment + std::chrono::seconds(5), clock.moment}}));
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->slots[0].heard_seconds, 2);
  EXPECT_EQ(heard->slots[1].heard_seconds, 2.5);
  EXPECT_EQ(battles.events.size(), 2U) << "but it is kept";
}

TEST_F(judging, hearing_one_side_is_not_enough) {
  b.gate_met_at.reset();
  store();
  clock.moment += std::chrono::minutes(1);
  const auto heard = run(expose.run(
      b.id, anna,
      {{0, 0, exposure_kind::play, 0, clock.moment, clock.moment},
       {1, 0, exposure_kind::pause, 4, clock.moment + std::chrono::seconds(4), clock.moment}}));
  ASSERT_TRUE(heard);
  EXPECT_FALSE(heard->gate_met_at);
}

TEST_F(judging, a_vote_can_be_taken_back_once_and_for_good) {
  EXPECT_EQ(run(withdraw.run(b.id, anna)).error().code, errc::conflict) << "there is none yet";
  ASSERT_TRUE(vote());
  EXPECT_EQ(run(withdraw.run(b.id, ids.make<participant_id>())).error().code, errc::not_found);
  const auto first = run(withdraw.run(b.id, anna));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->withdrawn_at, clock.moment);
  EXPECT_EQ(first->winner, ratings::outcome::a);
  clock.moment += std::chrono::minutes(1);
  EXPECT_EQ(run(withdraw.run(b.id, anna))->withdrawn_at, first->withdrawn_at);
  EXPECT_EQ(vote("key-00002").error().code, errc::already_judged) << "one vote for each battle";
  EXPECT_EQ(vote("key-00003", anna, {{"comment", "why"}}).error().code, errc::conflict);
  EXPECT_EQ(vote()->withdrawn_at, first->withdrawn_at) << "a retry is told";
}

TEST_F(judging, a_vote_can_be_taken_back_until_a_release_may_hold_it) {
  arena a;
  a.release.cool_off_hours = 72;
  EXPECT_EQ(withdrawable_until(a, ballot_of(b), clock.moment),
            clock.moment + std::chrono::hours(72));
  a.release.cool_off_hours = 0;
  EXPECT_EQ(withdrawable_until(a, ballot_of(b), clock.moment), b.expires_at);
  ASSERT_TRUE(vote());
  const auto& definition = arenas.find(1)->definition;
  clock.moment = withdrawable_until(definition, ballot_of(b), clock.moment);
  EXPECT_EQ(run(withdraw.run(b.id, anna)).error().code, errc::conflict);
  EXPECT_FALSE(log.rows[0].withdrawn_at);
}

}  // namespace
}  // namespace agon::arena
