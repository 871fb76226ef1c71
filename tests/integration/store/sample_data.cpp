#include "tests/integration/store/sample_data.hpp"

#include "privacy/crypto/random.hpp"
#include "services/core/id.hpp"

namespace agon::test {
namespace {

id_source& ids() {
  static system_clock_source clock;
  static crypto::system_random random;
  static id_source source(clock, random);
  return source;
}

}  // namespace

template <class Id>
Id new_id() {
  return ids().make<Id>();
}
template battle_id new_id<battle_id>();
template participant_id new_id<participant_id>();
template output_id new_id<output_id>();

time_point now() {
  return system_clock_source{}.now();
}

void add_arena(const database& db) {
  db.sql(
      "insert into agon.arena (slug, current_version) values ('speech', 1);"
      "insert into agon.arena_version values (1, 1, 1, 'slug: speech', '[]');"
      "insert into agon.system (arena_id, id, slug, card, active) select 1, n, 'system-' || n,"
      " '{}', true from generate_series(1, 4) n;"
      "insert into agon.consent_text values (1, decode('" +
      consent_sha256 + "', 'hex'), 'Terms', 'What you agree to')");
}

arena::battle new_battle() {
  arena::battle b;
  b.arena = 1;
  b.id = new_id<battle_id>();
  b.participant = new_id<participant_id>();
  b.arena_version = 1;
  b.protocol_version = 1;
  b.prompt = "Say \"hello\", \\ {curly}, and 你好";
  b.language = "en";
  b.sampling_probability = 1.0 / 6;
  b.sampling_policy = "weights";
  b.consent_sha256 = consent_sha256;
  b.purposes = {"take_part", "be_counted"};
  b.created_at = now();
  b.expires_at = b.created_at + std::chrono::hours(1);
  return b;
}

arena::battle ready_battle() {
  arena::battle b = new_battle();
  b.slots = {{1, new_id<output_id>(), 0.25, 2.5, 0, "full"},
             {2, new_id<output_id>(), 1.0 / 3, 4, 0, "full"}};
  b.ready_at = b.created_at + std::chrono::seconds(2);
  b.state = arena::battle_state::ready;
  return b;
}

std::vector<battle_id> add_ready_battles(const database& db, int count) {
  std::vector<battle_id> made;
  std::string values;
  for (int i = 0; i < count; ++i) {
    made.push_back(new_id<battle_id>());
    if (i > 0) values += ",";
    values += "('" + to_string(made.back()) + "'::uuid)";
  }
  db.sql(
      "insert into agon.battle (arena_id, id, participant_id, arena_version, protocol_version,"
      " state, prompt, prompt_source, slot_system, slot_output, generation_seconds,"
      " required_seconds, heard_seconds, sampling_probability, sampling_policy, consent_sha256,"
      " purposes, created_at, ready_at, expires_at) "
      "select 1, id, gen_random_uuid(), 1, 1, 'ready', 'hello', 'typed', '{1,2}',"
      " array[gen_random_uuid(), gen_random_uuid()], '{1,1}', '{1,1}', '{2,2}', 0.5, 'weights',"
      " decode('" +
      consent_sha256 +
      "', 'hex'), '{take_part,be_counted,publish_votes}', now(), now(), now() + interval '1 hour' "
      "from (values " +
      values +
      ") v (id);"
      "insert into person.participant (id, source) select participant_id, 'human' from agon.battle"
      " on conflict do nothing;"
      "insert into person.consent (arena_id, participant_id, given_at, text_sha256, purposes)"
      " select arena_id, participant_id, created_at - interval '1 minute', consent_sha256, purposes"
      " from agon.battle on conflict do nothing");
  return made;
}

feedback::judgment vote_for(ratings::outcome winner) {
  return {"preference", feedback::question_kind::comparison, winner,
          R"({"kind":"comparison","winner":")" + std::string(ratings::to_text(winner)) + "\"}"};
}

feedback::judgment comment(std::string question, std::string text) {
  return {std::move(question), feedback::question_kind::comment, std::nullopt,
          R"({"kind":"comment","text":")" + text + "\"}"};
}

arena::submission vote_on(battle_id battle, ratings::outcome winner) {
  arena::submission s;
  s.arena = 1;
  s.battle = battle;
  s.participant = new_id<participant_id>();
  s.protocol_version = 1;
  s.idempotency_key = to_string(new_id<output_id>());
  s.answered_at = now();
  s.judgments = {vote_for(winner)};
  return s;
}

}  // namespace agon::test
