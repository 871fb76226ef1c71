#include "services/store/postgres/battle_store.hpp"

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/batch_worker.hpp"
#include "services/store/postgres/battle_rows.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/exposure_rows.hpp"
#include "services/store/postgres/output_rows.hpp"
#include "services/store/postgres/pool.hpp"

namespace agon::store {
namespace {

constexpr statement create_battle{
    "battle_create",
    "with request as (insert into agon.battle_request"
    " (participant_id, key, arena_id, battle_id, request_sha256)"
    " values ($3::uuid, $4, $2::int, $1::uuid, $5::bytea) on conflict do nothing returning 1) "
    "insert into agon.battle (id, arena_id, participant_id, arena_version, protocol_version, state,"
    " prompt, prompt_source, language, sampling_probability, sampling_policy, consent_sha256,"
    " purposes, created_at, expires_at, request, routing, sampling) "
    "select $1::uuid, $2::int, $3::uuid, $6::int, $7::int, 'admitted', $8, $9, $10, $11::float8,"
    " $12, $13::bytea, $14::text[], $15::timestamptz, $16::timestamptz, $17, $18, $19 from "
    "request"};

constexpr statement find_request{"battle_find_request",
                                 "select battle_id, request_sha256 from agon.battle_request "
                                 "where participant_id = $1::uuid and key = $2"};

constexpr statement start_battle{
    "battle_start",
    "update agon.battle set state = 'generating' where id = $1::uuid and state = 'admitted'"};

// What the outputs are like is kept beside the vote to come. Also holds for the same change once
// more: a call may run twice when its connection breaks.
constexpr statement make_battle_ready{
    "battle_make_ready",
    "update agon.battle set state = 'ready', slot_system = $2::int[], slot_output = $3::uuid[],"
    " generation_seconds = $4::float8[], required_seconds = $5::float8[],"
    " heard_seconds = $6::float8[], ready_at = $7::timestamptz, expires_at = $8::timestamptz,"
    " slot_support = $9::text[], sampling_probability = $10::float8, sampling = $11,"
    " style_set = coalesce((select max(o.style_set) from agon.output o"
    " where o.battle_id = $1::uuid and o.id = any($3::uuid[])), ''),"
    " slot_style = coalesce((select array_agg(u.value order by o.slot, u.place) from agon.output o"
    " cross join unnest(o.style) with ordinality as u (value, place)"
    " where o.battle_id = $1::uuid and o.id = any($3::uuid[])), '{}'),"
    " self_named = $12::boolean "
    "where id = $1::uuid and (state = 'generating' or"
    " (state = 'ready' and slot_output = $3::uuid[]))"};

constexpr statement fail_battle{
    "battle_fail",
    "update agon.battle set state = 'failed', failure = $2 where id = $1::uuid and"
    " (state in ('admitted', 'generating') or (state = 'failed' and failure = $2))"};

constexpr statement fail_abandoned_battles{
    "battle_fail_abandoned",
    "update agon.battle set state = 'failed', failure = $2 "
    "where state in ('admitted', 'generating') and created_at < $1::timestamptz"};

error not_in_state() {
  return fail(errc::conflict, "The battle is in another state.");
}

result<void> expect_one(const pqxx::result& answer) {
  if (answer.affected_rows() != 1) return not_in_state();
  return {boost::system::in_place_value};
}

result<std::optional<battle_id>> find_request_row(session& db, participant_id who,
                                                  const std::string& key,
                                                  const std::string& sha256) {
  const auto earlier = db.exec(find_request, to_sql(who), key);
  if (earlier.empty()) return std::optional<battle_id>();
  if (bytes_of(earlier[0][1]) != sha256)
    return fail(errc::conflict, "This Idempotency-Key was used for another request.");
  return std::optional(battle_id{uuid_of(earlier[0][0])});
}

result<arena::created_battle> create_row(session& db, const arena::battle& b,
                                         const std::string& key, const std::string& sha256) {
  const auto made =
      db.exec(create_battle, to_sql(b.id), b.arena, to_sql(b.participant), key, to_bytea(sha256),
              b.arena_version, b.protocol_version, b.prompt, b.prompt_source, b.language,
              to_sql(b.sampling_probability), b.sampling_policy, hex_to_bytea(b.consent_sha256),
              to_array(b.purposes), to_sql(b.created_at), to_sql(b.expires_at),
              routing::to_json(b.request), b.routing, b.sampling);
  if (made.affected_rows() == 1) return arena::created_battle{b.id, true};
  const auto earlier = db.exec(find_request, to_sql(b.participant), key);
  if (earlier.empty()) return database_away();  // pruned in between: a retry will make it
  if (bytes_of(earlier[0][1]) != sha256)
    return fail(errc::conflict, "This Idempotency-Key was used for another request.");
  const battle_id id{uuid_of(earlier[0][0])};
  return arena::created_battle{id, id == b.id};
}

result<void> make_ready_row(session& db, const arena::battle& b) {
  std::vector<int> systems;
  array_literal outputs;
  std::vector<double> generation, required, heard;
  std::vector<std::string> support;
  for (const arena::battle_slot& s : b.slots) {
    systems.push_back(s.system);
    outputs.add(to_sql(s.output));
    generation.push_back(s.generation_seconds);
    required.push_back(s.required_seconds);
    heard.push_back(s.heard_seconds);
    support.push_back(s.support);
  }
  const std::optional<std::string> ready_at =
      b.ready_at ? std::optional(to_sql(*b.ready_at)) : std::nullopt;
  return expect_one(db.exec(make_battle_ready, to_sql(b.id), to_array(systems), outputs.text(),
                            to_array(generation), to_array(required), to_array(heard),
                            or_null(ready_at), to_sql(b.expires_at), to_array(support),
                            to_sql(b.sampling_probability), b.sampling, b.self_named));
}

using lookup_worker = batch_worker<battle_id, arena::battle>;

void look_up(session& db, lookup_worker::batch group) {
  const auto batch = group.all();
  std::vector<battle_id> ids;
  ids.reserve(batch.size());
  for (const auto& e : batch) ids.push_back(e->item);
  auto found = find_battles(db, ids);
  const bool each_once = found.size() == batch.size();
  for (const auto& e : batch) {
    const auto it = found.find(e->item);
    if (it == found.end()) {
      e->outcome = fail(errc::not_found, "There is no such battle.");
    } else if (each_once) {
      e->outcome = std::move(it->second);
    } else {
      e->outcome = it->second;
    }
  }
}

class postgres_battle_store final : public arena::battle_store {
 public:
  postgres_battle_store(pool& calls, batch_settings lookups, crypto::random_source& random)
      : calls_(calls), lookups_("battle_lookup", to_batch(std::move(lookups)), random, &look_up) {}

  awaitable<result<arena::created_battle>> create(arena::battle b, std::string key,
                                                  std::string request_sha256) override {
    return calls_.run({.name = "create_battle", .retry = true},
                      [b = std::move(b), key = std::move(key), sha256 = std::move(request_sha256)](
                          session& db) { return create_row(db, b, key, sha256); });
  }

  awaitable<result<std::optional<battle_id>>> find_request(participant_id who, std::string key,
                                                           std::string sha256) override {
    return calls_.run({.name = "find_battle_request", .retry = true},
                      [who, key = std::move(key), sha256 = std::move(sha256)](session& db) {
                        return find_request_row(db, who, key, sha256);
                      });
  }

  awaitable<result<arena::battle>> find(battle_id id) override { return lookups_.submit(id); }

  // Without a retry: of two callers just one may start a battle.
  awaitable<result<void>> start(battle_id id) override {
    return calls_.run({.name = "start_battle"},
                      [id](session& db) { return expect_one(db.exec(start_battle, to_sql(id))); });
  }

  awaitable<result<void>> add_output(arena::output o) override {
    return calls_.run({.name = "add_output", .retry = true},
                      [o = std::move(o)](session& db) { insert_output(db, o); });
  }

  awaitable<result<void>> make_ready(arena::battle b) override {
    return calls_.run({.name = "make_battle_ready", .retry = true},
                      [b = std::move(b)](session& db) { return make_ready_row(db, b); });
  }

  awaitable<result<void>> fail(battle_id id, std::string reason) override {
    return calls_.run({.name = "fail_battle", .retry = true},
                      [id, reason = std::move(reason)](session& db) {
                        return expect_one(db.exec(fail_battle, to_sql(id), reason));
                      });
  }

  awaitable<result<std::size_t>> fail_abandoned(time_point started_before,
                                                std::string reason) override {
    return calls_.run(
        {.name = "fail_abandoned_battles", .retry = true},
        [started_before, reason = std::move(reason)](session& db) -> std::size_t {
          return db.exec(fail_abandoned_battles, to_sql(started_before), reason).affected_rows();
        });
  }

  awaitable<result<std::vector<arena::output>>> shown_outputs(battle_id id) override {
    return calls_.run({.name = "shown_outputs", .retry = true},
                      [id](session& db) { return find_shown_outputs(db, id); });
  }

  awaitable<result<std::vector<arena::exposure_event>>> exposures(battle_id id) override {
    return calls_.run({.name = "exposures", .retry = true},
                      [id](session& db) { return find_exposures(db, id); });
  }

  awaitable<result<arena::exposure_record>> add_exposures(arena::exposure_record r,
                                                          participant_id participant,
                                                          arena::crediting rule) override {
    return calls_.run({.name = "add_exposures", .retry = true},
                      [r = std::move(r), participant,
                       rule = std::move(rule)](session& db) -> result<arena::exposure_record> {
                        return db.transact([&]() -> result<arena::exposure_record> {
                          const auto past = find_attention(db, r.battle, participant);
                          if (!past) return not_in_state();
                          arena::exposure_record counted = r;
                          rule(counted, *past);
                          if (!insert_exposures(db, counted)) return not_in_state();
                          return counted;
                        });
                      });
  }

 private:
  static batch_settings to_batch(batch_settings s) {
    // One statement, which must never become a scan, however small the table was when it
    // was planned.
    s.connection.extra_settings +=
        "set plan_cache_mode = force_generic_plan; set enable_seqscan = off;";
    return s;
  }

  pool& calls_;
  lookup_worker lookups_;
};

}  // namespace

std::unique_ptr<arena::battle_store> make_battle_store(pool& calls, batch_settings lookups,
                                                       crypto::random_source& random) {
  return std::make_unique<postgres_battle_store>(calls, std::move(lookups), random);
}

}  // namespace agon::store
