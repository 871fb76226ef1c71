#include "services/store/postgres/battle_rows.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/binary_array.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

constexpr statement find_many{
    "battle_find",
    "select id, arena_id, participant_id, arena_version, protocol_version, state, prompt,"
    " prompt_source, language, slot_system, slot_output, generation_seconds, required_seconds,"
    " heard_seconds, gate_met_at, sampling_probability, sampling_policy, consent_sha256, purposes,"
    " created_at, ready_at, expires_at, failure, request, routing, slot_support, sampling,"
    " self_named "
    "from agon.battle where id = any($1::uuid[]) and id between $2::uuid and $3::uuid"};

constexpr statement find_ballots_by_id{
    "ballot_find",
    "select id, arena_id, participant_id, protocol_version, state, slot_system,"
    " generation_seconds, slot_support, gate_met_at is not null, expires_at, failure,"
    " self_named from agon.battle where id = any($1::uuid[]) and id between $2::uuid and $3::uuid"};

constexpr std::array<std::string_view, 5> state_names{"admitted", "generating", "ready", "failed",
                                                      "expired"};
constexpr std::array<std::string_view, 3> status_names{"shown", "failed", "unused"};

template <class Enum, std::size_t Count>
Enum parse(const std::array<std::string_view, Count>& names, std::string_view name) {
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end()) throw std::invalid_argument("a name in the database is not known here");
  return static_cast<Enum>(it - names.begin());
}

std::vector<arena::battle_slot> slots_of(const pqxx::row& row) {
  const std::vector<int> systems = parse_int_array(text_of(row[9]));
  const std::vector<std::string> outputs = parse_array(text_of(row[10]));
  const std::vector<double> generation = parse_double_array(text_of(row[11]));
  const std::vector<double> required = parse_double_array(text_of(row[12]));
  const std::vector<double> heard = parse_double_array(text_of(row[13]));
  const std::vector<std::string> support = parse_array(text_of(row[25]));
  std::vector<arena::battle_slot> slots(systems.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    slots[i].system = systems[i];
    slots[i].output.value = parse_uuid(outputs.at(i)).value();
    slots[i].generation_seconds = generation.at(i);
    slots[i].required_seconds = required.at(i);
    slots[i].heard_seconds = i < heard.size() ? heard[i] : 0;
    if (i < support.size()) slots[i].support = support[i];
  }
  return slots;
}

arena::battle battle_of(const pqxx::row& row) {
  arena::battle b;
  b.id.value = uuid_of(row[0]);
  b.arena = int_of(row[1]);
  b.participant.value = uuid_of(row[2]);
  b.arena_version = int_of(row[3]);
  b.protocol_version = int_of(row[4]);
  b.state = battle_state_of(text_of(row[5]));
  b.prompt = text_of(row[6]);
  b.prompt_source = text_of(row[7]);
  b.language = text_of(row[8]);
  b.slots = slots_of(row);
  b.gate_met_at = optional_time_of(row[14]);
  b.sampling_probability = double_of(row[15]);
  b.sampling_policy = text_of(row[16]);
  b.consent_sha256 = hex_of(row[17]);
  b.purposes = parse_array(text_of(row[18]));
  b.created_at = time_of(row[19]);
  b.ready_at = optional_time_of(row[20]);
  b.expires_at = time_of(row[21]);
  b.failure = text_of(row[22]);
  b.request = routing::request_from_json(text_of(row[23])).value();
  b.routing = text_of(row[24]);
  b.sampling = text_of(row[26]);
  b.self_named = bool_of(row[27]);
  return b;
}

arena::ballot ballot_row(const pqxx::row& row) {
  arena::ballot b;
  b.id.value = uuid_of(row[0]);
  b.arena = int_of(row[1]);
  b.participant.value = uuid_of(row[2]);
  b.protocol_version = int_of(row[3]);
  b.state = battle_state_of(text_of(row[4]));
  const std::vector<int> systems = parse_int_array(text_of(row[5]));
  const std::vector<double> generation = parse_double_array(text_of(row[6]));
  std::vector<std::string> support = parse_array(text_of(row[7]));
  support.resize(systems.size());  // there is none of before requests were recorded
  for (std::size_t i = 0; i < systems.size(); ++i)
    b.slots.push_back({systems[i], generation.at(i), std::move(support[i])});
  b.gate_met = bool_of(row[8]);
  b.expires_at = time_of(row[9]);
  b.failure = text_of(row[10]);
  b.self_named = bool_of(row[11]);
  return b;
}

pqxx::result find_rows(session& db, const statement& s, std::span<const battle_id> ids) {
  binary_array wanted(element::uuid);
  for (const battle_id& id : ids) wanted.add(id.value);
  const auto [first, last] = std::minmax_element(ids.begin(), ids.end());
  return db.exec(s, to_parameter(wanted), to_sql(*first), to_sql(*last));
}

}  // namespace

const statement& find_battles_statement() {
  return find_many;
}

const statement& find_ballots_statement() {
  return find_ballots_by_id;
}

std::string_view to_sql(arena::battle_state s) {
  return state_names.at(static_cast<std::size_t>(s));
}

std::string_view to_sql(arena::output_status s) {
  return status_names.at(static_cast<std::size_t>(s));
}

arena::battle_state battle_state_of(std::string_view name) {
  return parse<arena::battle_state>(state_names, name);
}

arena::output_status output_status_of(std::string_view name) {
  return parse<arena::output_status>(status_names, name);
}

std::unordered_map<battle_id, arena::battle> find_battles(session& db,
                                                          std::span<const battle_id> ids) {
  std::unordered_map<battle_id, arena::battle> found;
  if (ids.empty()) return found;
  const pqxx::result rows = find_rows(db, find_many, ids);
  found.reserve(rows.size());
  for (const auto& row : rows) {
    arena::battle b = battle_of(row);
    const battle_id id = b.id;
    found.emplace(id, std::move(b));
  }
  return found;
}

std::unordered_map<battle_id, arena::ballot> find_ballots(session& db,
                                                          std::span<const battle_id> ids) {
  std::unordered_map<battle_id, arena::ballot> found;
  if (ids.empty()) return found;
  const pqxx::result rows = find_rows(db, find_ballots_by_id, ids);
  found.reserve(rows.size());
  for (const auto& row : rows) {
    arena::ballot b = ballot_row(row);
    const battle_id id = b.id;
    found.emplace(id, std::move(b));
  }
  return found;
}

}  // namespace agon::store
