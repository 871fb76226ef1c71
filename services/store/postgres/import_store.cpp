#include "services/store/postgres/import_store.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "services/store/postgres/arena_rows.hpp"
#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/blocking_session.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

using imports::arena_use;
using imports::found_import;
using imports::import_terms;
using imports::imported_battle;
using imports::known_import;
using json = nlohmann::json;

constexpr statement find_arena{
    "import_find_arena",
    "select a.id, v.version, v.protocol_version, coalesce(i.licence, ''), i.arena_id is not null "
    "from agon.arena a "
    "join agon.arena_version v on v.arena_id = a.id and v.version = a.current_version "
    "left join lateral (select * from agon.import i where i.arena_id = a.id limit 1) i on true "
    "where a.slug = $1"};

constexpr statement find_source{
    "import_find_source",
    "select i.salt, i.began_at, (select t.sha256 from agon.consent_text t"
    " where t.arena_id = i.arena_id order by t.added_at desc limit 1) "
    "from agon.import i where i.arena_id = $1::int and i.source = $2"};

constexpr statement list_systems_of{
    "import_systems",
    "select id, slug, card::jsonb ->> 'name' from agon.system where arena_id = $1::int"};

constexpr statement enter_source{
    "import_enter",
    "insert into agon.import (arena_id, source, format, licence, judges, salt, began_at) "
    "values ($1::int, $2, $3, $4, $5, $6::bytea, date_trunc('milliseconds', now())) "
    "on conflict do nothing"};

constexpr statement is_another_arena{
    "import_live_arena",
    "select exists (select from agon.arena a where a.slug = $1"
    " and not exists (select from agon.import i where i.arena_id = a.id))"};

constexpr statement make_month{"import_make_month",
                               "select agon.ensure_partitions_of($1::timestamptz)"};

constexpr statement make_seen{"import_seen_make",
                              "create temporary table if not exists agon_import_seen"
                              " (id uuid primary key)"};

constexpr statement look_at{
    "import_look",
    "with asked as (select id, n from unnest($1::uuid[]) with ordinality as u(id, n)), "
    "first as (insert into agon_import_seen select distinct id from asked a"
    " where not exists (select from agon.battle b where b.id = a.id)"
    " on conflict do nothing returning id) "
    "select min(n) from asked where id in (select id from first) group by id"};

constexpr statement put_people{
    "import_people",
    "insert into person.participant (id, source) select distinct r.participant, $2 "
    "from jsonb_to_recordset($1::jsonb) as r(participant uuid) on conflict do nothing"};

// One consent for each, as old as the import.
constexpr statement put_consents{
    "import_consents",
    "insert into person.consent (arena_id, participant_id, given_at, text_sha256, purposes) "
    "select distinct $2::int, r.participant, $3::timestamptz, $4::bytea, $5::text[] "
    "from jsonb_to_recordset($1::jsonb) as r(participant uuid) on conflict do nothing"};

// The probability with which the pair was drawn is not known; the policy says so.
constexpr statement put_battles{
    "import_battles",
    "insert into agon.battle (arena_id, id, participant_id, arena_version, protocol_version, state,"
    " prompt, prompt_source, language, slot_system, slot_output, generation_seconds,"
    " required_seconds, heard_seconds, gate_met_at, sampling_probability, sampling_policy, "
    "sampling,"
    " consent_sha256, purposes, created_at, ready_at, expires_at, request, slot_support) "
    "select $2::int, r.id, r.participant, $3::int, $4::int, 'ready', r.prompt,"
    " case when r.recorded then 'random' else 'typed' end, r.language, r.systems, r.outputs,"
    " r.generation, array[0, 0], r.heard, r.at, 1, 'imported', r.sampling, $5::bytea, $6::text[],"
    " r.at, r.at, r.at, r.request, array['full', 'full'] "
    "from jsonb_to_recordset($1::jsonb) as r(id uuid, participant uuid, at timestamptz, prompt "
    "text,"
    " recorded boolean, language text, systems int[], outputs uuid[], generation float8[],"
    " heard float8[], sampling text, request text) "
    "on conflict do nothing returning id"};

constexpr statement put_outputs{
    "import_outputs",
    "insert into agon.output (arena_id, battle_id, slot, turn, attempt, id, system_id, status,"
    " generation_seconds, text, cut_off) "
    "select $2::int, r.battle, r.slot, r.turn, 0, r.id, r.system, 'shown', r.generation, r.text,"
    " r.cut_off from jsonb_to_recordset($1::jsonb) as r(battle uuid, slot smallint, turn smallint,"
    " id uuid, system int, generation float8, text text, cut_off boolean)"};

constexpr statement put_judgments{
    "import_judgments",
    "insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,"
    " protocol_version, body, nonce, idempotency_key, answered_at) "
    "select $2::int, r.battle, r.participant, r.question, r.kind, r.winner, $3::int, r.body,"
    " decode(r.nonce, 'hex'), 'import', r.at from jsonb_to_recordset($1::jsonb) as r(battle uuid,"
    " participant uuid, question text, kind text, winner smallint, body text, nonce text,"
    " at timestamptz)"};

std::string hex_digits(std::string_view bytes) {
  return to_bytea(bytes).substr(2);
}

json row_of(const imported_battle& b) {
  json outputs = json::array();
  for (int slot = 0; slot < 2; ++slot) {
    // An output that was not told of has an id of its own, and no row.
    uuid made = b.id.value;
    made.bytes[15] = static_cast<std::uint8_t>(made.bytes[15] ^ (slot + 1));
    std::string id = to_string(made);
    for (const imports::imported_output& o : b.outputs)
      if (o.slot == slot && o.turn == 0) id = to_sql(o.id);
    outputs.push_back(std::move(id));
  }
  return {{"id", to_sql(b.id)},
          {"participant", to_sql(b.participant)},
          {"at", to_sql(b.at)},
          {"prompt", b.prompt},
          {"recorded", b.recorded_prompt},
          {"language", b.language},
          {"systems", {b.systems[0], b.systems[1]}},
          {"outputs", std::move(outputs)},
          {"generation", {b.generation_seconds[0], b.generation_seconds[1]}},
          {"heard", {b.heard_seconds[0], b.heard_seconds[1]}},
          {"sampling", b.sampling},
          {"request", b.request}};
}

void add_details(const imported_battle& b, crypto::random_source& random, json& outputs,
                 json& judgments) {
  for (const imports::imported_output& o : b.outputs)
    outputs.push_back({{"battle", to_sql(b.id)},
                       {"slot", o.slot},
                       {"turn", o.turn},
                       {"id", to_sql(o.id)},
                       {"system", b.systems[o.slot]},
                       {"generation", b.generation_seconds[o.slot]},
                       {"text", o.text},
                       {"cut_off", o.cut_off}});
  for (const feedback::judgment& j : b.judgments)
    judgments.push_back({{"battle", to_sql(b.id)},
                         {"participant", to_sql(b.participant)},
                         {"question", j.question},
                         {"kind", feedback::name_of(j.kind)},
                         {"winner", j.winner ? json(static_cast<int>(*j.winner)) : json(nullptr)},
                         {"body", j.body},
                         {"nonce", hex_digits(random.bytes(32))},
                         {"at", to_sql(b.at)}});
}

class postgres_import_store final : public imports::import_store {
 public:
  postgres_import_store(connection_settings settings, crypto::random_source& random)
      : db_(std::move(settings)), random_(random) {}

  found_import find(const std::string& slug, const std::string& source) override {
    return db_.use([&](session& db) { return find_in(db, slug, source); });
  }

  known_import begin(const arena::arena& a, const import_terms& terms) override {
    const arena_rows rows(a);
    return db_.use([&](session& db) {
      db.transact([&] {
        // Somebody may have opened an arena of that name since find().
        if (bool_of(db.exec(is_another_arena, rows.slug)[0][0]))
          throw std::runtime_error("The arena " + rows.slug + " is one where people vote.");
        static_cast<void>(apply_arena(db, rows));
        const int arena = int_of(db.exec(find_arena, rows.slug)[0][0]);
        db.exec(enter_source, arena, terms.source, terms.format, terms.licence, terms.judges,
                to_bytea(random_.bytes(32)));
      });
      return *find_in(db, rows.slug, terms.source).source;
    });
  }

  std::vector<bool> look(std::span<const battle_id> battles) override {
    std::vector<bool> fresh(battles.size(), false);
    array_literal ids;
    for (const battle_id& b : battles) ids.add(to_sql(b));
    db_.use([&](session& db) {
      db.exec(make_seen);
      for (const auto& row : db.exec(look_at, ids.text()))
        fresh[static_cast<std::size_t>(integer_of(row[0]) - 1)] = true;
    });
    return fresh;
  }

  std::vector<bool> write(const known_import& into, const import_terms& terms,
                          std::span<const imported_battle> battles) override {
    json rows = json::array();
    for (const imported_battle& b : battles) rows.push_back(row_of(b));
    const std::string text = rows.dump();
    return db_.use([&](session& db) {
      for (const imported_battle& b : battles) make_partitions(db, b.at);
      return db.transact([&] { return put(db, into, terms, battles, text); });
    });
  }

 private:
  static found_import find_in(session& db, const std::string& slug, const std::string& source) {
    found_import out;
    const auto arenas = db.exec(find_arena, slug);
    if (arenas.empty()) return out;
    const auto& row = arenas[0];
    out.use = bool_of(row[4]) ? arena_use::imported : arena_use::live;
    out.licence = text_of(row[3]);
    known_import known;
    known.arena = int_of(row[0]);
    known.arena_version = int_of(row[1]);
    known.protocol_version = int_of(row[2]);
    known.licence = out.licence;
    for (const auto& system : db.exec(list_systems_of, known.arena)) {
      const std::string name(text_of(system[1]));
      known.systems.emplace(name, int_of(system[0]));
      out.slugs.emplace(text_of(system[2]), name);
    }
    known.slugs = out.slugs;
    const auto sources = db.exec(find_source, known.arena, source);
    if (sources.empty()) return out;
    known.salt = bytes_of(sources[0][0]);
    known.began_at = time_of(sources[0][1]);
    known.consent_sha256 = hex_of(sources[0][2]);
    out.source = std::move(known);
    return out;
  }

  // Apart from the rows: making one locks the whole table for a moment.
  void make_partitions(session& db, time_point at) {
    const std::string month = to_sql(at).substr(0, 7);
    if (months_.contains(month)) return;
    db.exec(make_month, to_sql(at));
    months_.insert(month);
  }

  std::vector<bool> put(session& db, const known_import& into, const import_terms& terms,
                        std::span<const imported_battle> battles, const std::string& rows) {
    const std::string sha256 = hex_to_bytea(into.consent_sha256);
    const std::string purposes = to_array(terms.purposes);
    db.exec(put_people, rows, terms.judges);
    db.exec(put_consents, rows, into.arena, to_sql(into.began_at), sha256, purposes);
    std::set<std::string> made;
    for (const auto& row : db.exec(put_battles, rows, into.arena, into.arena_version,
                                   into.protocol_version, sha256, purposes))
      made.emplace(text_of(row[0]));
    std::vector<bool> fresh;
    json outputs = json::array();
    json judgments = json::array();
    for (const imported_battle& b : battles) {
      // The first of two rows with one id is the one that was written.
      fresh.push_back(made.erase(to_sql(b.id)) > 0);
      if (fresh.back()) add_details(b, random_, outputs, judgments);
    }
    if (!outputs.empty()) db.exec(put_outputs, outputs.dump(), into.arena);
    if (!judgments.empty())
      db.exec(put_judgments, judgments.dump(), into.arena, into.protocol_version);
    return fresh;
  }

  blocking_session db_;
  crypto::random_source& random_;
  std::set<std::string> months_;
};

}  // namespace

std::unique_ptr<imports::import_store> make_import_store(connection_settings settings,
                                                         crypto::random_source& random) {
  return std::make_unique<postgres_import_store>(std::move(settings), random);
}

}  // namespace agon::store
