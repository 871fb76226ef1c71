#include "services/store/postgres/battle_store.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>

#include "privacy/crypto/random.hpp"
#include "services/store/postgres/pool.hpp"
#include "tests/integration/run.hpp"
#include "tests/integration/store/sample_data.hpp"

namespace agon::test {
namespace {

using arena::battle_state;

class battle_store : public testing::Test {
 protected:
  battle_store() { add_arena(db); }

  result<arena::created_battle> create(const arena::battle& b, const std::string& key = "key",
                                       char request = 'r') {
    return run(battles->create(b, key, std::string(32, request)));
  }
  arena::battle find(battle_id id) { return run(battles->find(id)).value(); }
  // An admitted battle that has been made ready.
  arena::battle create_ready() {
    arena::battle b = ready_battle();
    arena::battle admitted = b;
    EXPECT_TRUE(create(admitted));
    EXPECT_TRUE(run(battles->start(b.id)));
    EXPECT_TRUE(run(battles->make_ready(b)));
    return b;
  }

  // Exposures as they are, whatever else the participant hears.
  auto add(arena::exposure_record r) {
    return battles->add_exposures(std::move(r), anyone,
                                  [](arena::exposure_record&, const arena::past_attention&) {});
  }

  const participant_id anyone = new_id<participant_id>();
  crypto::system_random random;
  database db;
  store::pool pool{{.connection = db.settings(), .connections = 2, .reconnect = {}}, random};
  std::unique_ptr<arena::battle_store> battles =
      store::make_battle_store(pool, {.connection = db.settings(), .reconnect = {}}, random);
};

TEST_F(battle_store, created_battle_is_found_with_all_it_had) {
  const arena::battle b = new_battle();
  const auto made = create(b);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_TRUE(made->created);
  EXPECT_EQ(made->id, b.id);
  const arena::battle found = find(b.id);
  EXPECT_EQ(found.arena, 1);
  EXPECT_EQ(found.participant, b.participant);
  EXPECT_EQ(found.state, battle_state::admitted);
  EXPECT_EQ(found.prompt, b.prompt);
  EXPECT_EQ(found.prompt_source, "typed");
  EXPECT_EQ(found.language, "en");
  EXPECT_TRUE(found.slots.empty());
  EXPECT_EQ(found.sampling_probability, b.sampling_probability);
  EXPECT_EQ(found.sampling_policy, "weights");
  EXPECT_EQ(found.consent_sha256, consent_sha256);
  EXPECT_EQ(found.purposes, b.purposes);
  EXPECT_EQ(found.created_at, b.created_at);
  EXPECT_EQ(found.expires_at, b.expires_at);
  EXPECT_EQ(found.ready_at, std::nullopt);
  EXPECT_EQ(found.gate_met_at, std::nullopt);
}

TEST_F(battle_store, unknown_battle_is_not_found) {
  EXPECT_EQ(run(battles->find(new_id<battle_id>())).error().code, errc::not_found);
}

TEST_F(battle_store, same_key_names_the_first_battle) {
  const arena::battle first = new_battle();
  arena::battle again = new_battle();
  again.participant = first.participant;
  ASSERT_TRUE(create(first));
  const auto answer = create(again);
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->created);
  EXPECT_EQ(answer->id, first.id);
  EXPECT_EQ(run(battles->find(again.id)).error().code, errc::not_found);
}

TEST_F(battle_store, same_key_with_another_request_is_a_conflict) {
  const arena::battle first = new_battle();
  ASSERT_TRUE(create(first));
  EXPECT_EQ(create(first, "key", 'x').error().code, errc::conflict);
}

TEST_F(battle_store, participants_do_not_share_keys) {
  ASSERT_TRUE(create(new_battle()));
  EXPECT_TRUE(create(new_battle())->created);
}

TEST_F(battle_store, battle_becomes_ready_with_both_slots) {
  const arena::battle b = create_ready();
  const arena::battle found = find(b.id);
  EXPECT_EQ(found.state, battle_state::ready);
  EXPECT_EQ(found.ready_at, b.ready_at);
  ASSERT_EQ(found.slots.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(found.slots[i].system, b.slots[i].system);
    EXPECT_EQ(found.slots[i].output, b.slots[i].output);
    EXPECT_EQ(found.slots[i].generation_seconds, b.slots[i].generation_seconds);
    EXPECT_EQ(found.slots[i].required_seconds, b.slots[i].required_seconds);
    EXPECT_EQ(found.slots[i].heard_seconds, 0);
  }
}

TEST_F(battle_store, request_routing_and_support_come_back) {
  arena::battle b = new_battle();
  b.request = {{"duration", 2.5}, {"instrumental", true}, {"lyrics", std::string("la \"la\"")}};
  b.routing = R"({"by":"rules"})";
  b.sampling = R"({"policy":"uniform"})";
  ASSERT_TRUE(create(b));
  EXPECT_EQ(find(b.id).request, b.request);
  EXPECT_EQ(find(b.id).routing, b.routing);
  ASSERT_TRUE(run(battles->start(b.id)));
  arena::battle_slot one, two;
  one.system = 1;
  one.output = new_id<output_id>();
  one.support = "full";
  two.system = 2;
  two.output = new_id<output_id>();
  two.support = "partial:bpm,duration";
  b.slots = {one, two};
  b.ready_at = b.created_at;
  b.sampling_probability = 0.125;
  ASSERT_TRUE(run(battles->make_ready(b)));
  const arena::battle found = find(b.id);
  EXPECT_EQ(found.slots[0].support, "full");
  EXPECT_EQ(found.slots[1].support, "partial:bpm,duration");
  EXPECT_EQ(found.sampling_probability, 0.125);
  EXPECT_EQ(found.sampling, b.sampling);
}

TEST_F(battle_store, a_key_finds_its_battle_or_nothing) {
  const arena::battle b = new_battle();
  const std::string sha(32, 's');
  EXPECT_EQ(*run(battles->find_request(b.participant, "key", sha)), std::nullopt);
  ASSERT_TRUE(create(b, "key", 's'));
  EXPECT_EQ(*run(battles->find_request(b.participant, "key", sha)), b.id);
  EXPECT_EQ(run(battles->find_request(b.participant, "key", std::string(32, 't'))).error().code,
            errc::conflict);
}

TEST_F(battle_store, states_go_forward_only) {
  const arena::battle b = ready_battle();
  EXPECT_EQ(run(battles->start(b.id)).error().code, errc::conflict) << "there is none";
  ASSERT_TRUE(create(b));
  EXPECT_EQ(run(battles->make_ready(b)).error().code, errc::conflict) << "not generating";
  ASSERT_TRUE(run(battles->start(b.id)));
  EXPECT_EQ(run(battles->start(b.id)).error().code, errc::conflict) << "started by another";
  ASSERT_TRUE(run(battles->make_ready(b)));
  EXPECT_TRUE(run(battles->make_ready(b))) << "the same once more does no harm";
  EXPECT_EQ(run(battles->fail(b.id, "late")).error().code, errc::conflict);
  EXPECT_EQ(find(b.id).state, battle_state::ready);
}

TEST_F(battle_store, ready_battle_keeps_what_its_outputs_are_like) {
  const arena::battle b = ready_battle();
  ASSERT_TRUE(create(b));
  ASSERT_TRUE(run(battles->start(b.id)));
  for (const int slot : {1, 0}) {
    arena::output o;
    o.id = b.slots[static_cast<std::size_t>(slot)].output;
    o.battle = b.id;
    o.arena = 1;
    o.slot = slot;
    o.system = slot + 1;
    o.style_set = "audio/1";
    o.style = {slot + 1.5, -23 - 1.0 / 3};
    ASSERT_TRUE(run(battles->add_output(o)));
    o.id = new_id<output_id>();
    o.attempt = 1;
    o.status = arena::output_status::unused;
    ASSERT_TRUE(run(battles->add_output(o)));
  }
  ASSERT_TRUE(run(battles->make_ready(b)));
  EXPECT_EQ(db.value("select style_set || ' ' || slot_style::text from agon.battle"),
            "audio/1 {1.5,-23.333333333333332,2.5,-23.333333333333332}");
  EXPECT_EQ(run(battles->shown_outputs(b.id))->at(0).style,
            (std::vector<double>{1.5, -23 - 1.0 / 3}));
}

TEST_F(battle_store, failed_battle_says_why) {
  const arena::battle b = new_battle();
  ASSERT_TRUE(create(b));
  ASSERT_TRUE(run(battles->fail(b.id, "No system could answer.")));
  EXPECT_EQ(find(b.id).state, battle_state::failed);
  EXPECT_EQ(find(b.id).failure, "No system could answer.");
}

TEST_F(battle_store, abandoned_battles_fail_and_others_do_not) {
  arena::battle old = new_battle();
  old.created_at -= std::chrono::minutes(10);
  const arena::battle young = new_battle();
  ASSERT_TRUE(create(old));
  ASSERT_TRUE(create(young));
  const arena::battle ready = create_ready();
  const auto count = run(battles->fail_abandoned(now() - std::chrono::minutes(5), "gone"));
  ASSERT_TRUE(count);
  EXPECT_EQ(*count, 1U);
  EXPECT_EQ(find(old.id).state, battle_state::failed);
  EXPECT_EQ(find(young.id).state, battle_state::admitted);
  EXPECT_EQ(find(ready.id).state, battle_state::ready);
}

TEST_F(battle_store, shown_outputs_come_in_order_without_the_failed_ones) {
  const arena::battle b = create_ready();
  arena::output shown;
  shown.id = new_id<output_id>();
  shown.battle = b.id;
  shown.arena = 1;
  shown.slot = 1;
  shown.attempt = 1;
  shown.system = 2;
  shown.generation_seconds = 0.1;
  shown.media =
      arena::media_file{"0123", "audio/wav", std::string(64, 'b'), 12345, 2.5, -23.0, {0, 255, 7}};
  arena::output failed = shown;
  failed.id = new_id<output_id>();
  failed.attempt = 0;
  failed.status = arena::output_status::failed;
  failed.error = "timeout";
  failed.media.reset();
  arena::output first = shown;
  first.id = new_id<output_id>();
  first.slot = 0;
  for (const auto& o : {shown, failed, first, shown}) ASSERT_TRUE(run(battles->add_output(o)));
  const auto outputs = run(battles->shown_outputs(b.id)).value();
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_EQ(outputs[0].id, first.id);
  EXPECT_EQ(outputs[1].id, shown.id);
  ASSERT_TRUE(outputs[1].media);
  EXPECT_EQ(outputs[1].media->name, "0123");
  EXPECT_EQ(outputs[1].media->sha256, std::string(64, 'b'));
  EXPECT_EQ(outputs[1].media->bytes, 12345U);
  EXPECT_EQ(outputs[1].media->peaks, (std::vector<std::uint8_t>{0, 255, 7}));
  EXPECT_EQ(outputs[1].media->loudness_lufs, -23.0);
}

arena::exposure_record record_of(const arena::battle& b, std::vector<int> sequences,
                                 std::vector<double> heard) {
  arena::exposure_record r;
  r.battle = b.id;
  r.arena = 1;
  r.heard_seconds = std::move(heard);
  for (const int n : sequences) {
    arena::exposure_event e;
    e.sequence = n;
    e.slot = n % 2;
    e.kind = n % 2 == 0 ? arena::exposure_kind::play : arena::exposure_kind::ended;
    e.position = n / 4.0;
    e.client_at = e.received_at = now();
    r.events.push_back(e);
  }
  return r;
}

TEST_F(battle_store, exposures_are_kept_once_and_in_order) {
  const arena::battle b = create_ready();
  ASSERT_TRUE(run(add(record_of(b, {2, 3}, {1, 0}))));
  ASSERT_TRUE(run(add(record_of(b, {1, 2, 5}, {1, 2}))));
  const auto events = run(battles->exposures(b.id)).value();
  ASSERT_EQ(events.size(), 4U);
  std::vector<int> sequences;
  for (const auto& e : events) sequences.push_back(e.sequence);
  EXPECT_THAT(sequences, testing::ElementsAre(1, 2, 3, 5));
  EXPECT_EQ(events[3].kind, arena::exposure_kind::ended);
  EXPECT_EQ(events[3].position, 1.25);
  EXPECT_EQ(events[3].slot, 1);
}

TEST_F(battle_store, what_was_heard_and_the_gate_never_go_back) {
  const arena::battle b = create_ready();
  arena::exposure_record met = record_of(b, {1}, {3, 4});
  met.gate_met_at = now();
  ASSERT_TRUE(run(add(met)));
  ASSERT_TRUE(run(add(record_of(b, {2}, {1, 5}))));
  const arena::battle found = find(b.id);
  EXPECT_EQ(found.gate_met_at, met.gate_met_at);
  EXPECT_EQ(found.slots[0].heard_seconds, 3);
  EXPECT_EQ(found.slots[1].heard_seconds, 5);
}

TEST_F(battle_store, exposures_are_counted_beside_the_participants_other_battles) {
  const arena::battle first = create_ready();
  arena::battle second = ready_battle();
  second.participant = first.participant;
  ASSERT_TRUE(create(second, "another-key"));
  ASSERT_TRUE(run(battles->start(second.id)));
  ASSERT_TRUE(run(battles->make_ready(second)));
  ASSERT_TRUE(run(add(record_of(first, {1}, {2, 3}))));
  arena::past_attention seen;
  ASSERT_TRUE(run(battles->add_exposures(
      record_of(second, {1}, {1, 1}), first.participant,
      [&seen](arena::exposure_record&, const arena::past_attention& past) { seen = past; })));
  ASSERT_EQ(seen.others.size(), 1U);
  EXPECT_EQ(seen.others[0].heard_seconds, (std::vector<double>{2, 3}));
  EXPECT_FALSE(seen.voted);
  EXPECT_FALSE(seen.gate_met_at);
}

TEST_F(battle_store, exposures_of_no_battle_are_refused) {
  EXPECT_EQ(run(add(record_of(new_battle(), {1}, {1, 1}))).error().code, errc::conflict);
}

TEST_F(battle_store, look_ups_at_once_each_get_their_own) {
  const auto ids = add_ready_battles(db, 100);
  boost::asio::io_context context;
  int right = 0;
  int missing = 0;
  const auto look_up = [&](battle_id id) {
    boost::asio::co_spawn(context, battles->find(id),
                          [&, id](std::exception_ptr, result<arena::battle> b) {
                            if (!b) {
                              ++missing;
                            } else if (b->id == id) {
                              ++right;
                            }
                          });
  };
  for (const battle_id id : ids) look_up(id);
  for (const battle_id id : ids) look_up(id);
  for (int i = 0; i < 7; ++i) look_up(new_id<battle_id>());
  context.run();
  EXPECT_EQ(right, 200);
  EXPECT_EQ(missing, 7);
}

}  // namespace
}  // namespace agon::test
