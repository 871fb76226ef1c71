#include "services/boards/board_views.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "services/boards/csv.hpp"
#include "services/boards/method_card.hpp"
#include "services/core/json_reader.hpp"

namespace agon::boards {
namespace {

using json = nlohmann::json;

constexpr std::size_t largest_board = 16UL << 20;

json parsed_body(const stored_board& board) {
  return crypto::parse_json(board.body, {.bytes = largest_board}).value();
}

// The interface leaves out what a board states as null.
void drop_nulls(json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys)
    if (object.contains(key) && object[key].is_null()) object.erase(key);
}

json named(json entry, const listed_arena& arena) {
  const std::string slug = entry.at("system").get<std::string>();
  entry["name"] = arena.name_of(slug);
  for (const listed_system& s : arena.systems) {
    if (s.slug != slug) continue;
    entry["maker"] = s.maker;
    entry["licence"] = s.licence;
  }
  drop_nulls(entry, {"score", "lower", "upper", "rank_lower", "rank_upper"});
  return entry;
}

json head_of(const view_of& of) {
  json out = {{"arena", of.arena.slug}, {"method", of.method}};
  if (!of.segment.empty()) out["segment"] = of.segment;
  return out;
}

json unrated_entries(const listed_arena& arena) {
  json entries = json::array();
  for (const listed_system& s : arena.systems)
    entries.push_back({{"system", s.slug},
                       {"name", s.name},
                       {"maker", s.maker},
                       {"licence", s.licence},
                       {"votes", 0},
                       {"wins", 0},
                       {"losses", 0},
                       {"ties", 0},
                       {"both_bad", 0},
                       {"status", "no_votes"}});
  return entries;
}

json named_entries(const json& body, const listed_arena& arena) {
  json entries = json::array();
  for (const json& e : body.at("entries")) entries.push_back(named(e, arena));
  return entries;
}

std::optional<double> number(const json& entry, const char* key) {
  if (!entry.contains(key) || entry[key].is_null()) return std::nullopt;
  return entry[key].get<double>();
}

std::string_view effective_both_bad(const ratings::planned_board& b) {
  if (b.method == ratings::method::elo)
    return ratings::to_text(ratings::elo_settings_of(b).both_bad);
  if (b.method == ratings::method::contextual)
    return ratings::to_text(ratings::contextual_settings_of(b).both_bad);
  return ratings::to_text(ratings::effective_policy(ratings::pairwise_settings_of(b)));
}

json card_json(const ratings::planned_board& b) {
  const method_card card = card_of(b.method);
  json parameters = json::array();
  for (const std::string& f : b.features) parameters.push_back(f);
  for (const std::string_view p : card.parameters)
    if (p != "side" || b.side_bias) parameters.push_back(p);
  return {{"formula", card.formula},
          {"source", card.source},
          {"ties", card.models_ties ? "modelled" : "half_wins"},
          {"both_bad", effective_both_bad(b)},
          {"intervals", card.intervals},
          {"ordered", card.ordered},
          {"parameters", std::move(parameters)}};
}

json weights_json(const ratings::weight_settings& w) {
  json out = json::object();
  const auto set = [&](const char* name, const std::optional<double>& value) {
    if (value) out[name] = *value;
  };
  set("inverse_propensity", w.inverse_propensity);
  set("inverse_pair_count", w.inverse_pair_count);
  set("participant_cap", w.participant_cap);
  set("prompt_quantile", w.prompt_quantile);
  set("prompt_similarity", w.prompt_similarity);
  return out;
}

json summary_of(const ratings::planned_board& b, const std::vector<board_version>& current) {
  json out = {{"method", ratings::board_name(b.method)},
              {"card", card_json(b)},
              {"both_bad", effective_both_bad(b)},
              {"segment_by", b.segment_by},
              {"simultaneous", b.simultaneous},
              {"votes", 0},
              {"segments", json::array()}};
  if (b.method == ratings::method::contextual) {
    out["features"] = b.features;
    out["side_bias"] = b.side_bias;
  }
  if (b.weights.any()) out["weights"] = weights_json(b.weights);
  if (b.anchor) out["anchor"] = {{"system", b.anchor->system}, {"score", b.anchor->score}};
  for (const board_version& v : current) {
    if (v.method != ratings::board_name(b.method)) continue;
    if (v.segment.empty()) {
      out["version"] = v.version;
      out["computed_at"] = to_rfc3339(v.computed_at);
      out["votes"] = v.votes;
      continue;
    }
    const std::string dimension(ratings::dimension_of(v.segment));
    const auto& by = b.segment_by;
    if (std::find(by.begin(), by.end(), dimension) == by.end() &&
        v.segment != ratings::unfiltered_segment)
      continue;
    out["segments"].push_back({{"segment", v.segment},
                               {"dimension", dimension},
                               {"value", v.segment.substr(dimension.size() + 1)},
                               {"version", v.version},
                               {"computed_at", to_rfc3339(v.computed_at)},
                               {"votes", v.votes}});
  }
  return out;
}

json point_of(const json& entry, std::size_t board) {
  json point = {{"board", board}, {"votes", entry.at("votes")}};
  for (const char* key : {"score", "lower", "upper", "rank_upper", "rank_lower"})
    point[key] = entry.at(key);
  drop_nulls(point, {"lower", "upper", "rank_upper", "rank_lower"});
  return point;
}

}  // namespace

const std::string& listed_arena::name_of(const std::string& system) const {
  for (const listed_system& s : systems)
    if (s.slug == system) return s.name;
  return system;
}

std::string unrated_json(const view_of& of) {
  json out = head_of(of);
  out["votes"] = 0;
  out["settings"] = json::object();
  out["entries"] = unrated_entries(of.arena);
  return print_json(out);
}

std::string board_json(const view_of& of, const stored_board& board) {
  const json body = parsed_body(board);
  json out = head_of(of);
  out["version"] = board.version;
  out["computed_at"] = to_rfc3339(board.computed_at);
  out["inputs_sha256"] = board.inputs_sha256;
  out["votes"] = board.votes;
  for (const char* key : {"settings", "code", "anchored", "certificate"}) out[key] = body.at(key);
  drop_nulls(out, {"certificate"});
  if (body.contains("parameters")) {
    out["parameters"] = body["parameters"];
    for (json& p : out["parameters"]) drop_nulls(p, {"lower", "upper"});
  }
  out["entries"] = named_entries(body, of.arena);
  return print_json(out);
}

std::string board_csv(const view_of& of, const std::optional<stored_board>& board) {
  csv_text out(
      "system,name,score,lower,upper,rank_upper,rank_lower,votes,wins,losses,ties,both_bad,status");
  const json entries =
      board ? named_entries(parsed_body(*board), of.arena) : unrated_entries(of.arena);
  for (const json& e : entries) {
    out.field(e.at("system").get<std::string>()).field(e.at("name").get<std::string>());
    for (const char* key : {"score", "lower", "upper", "rank_upper", "rank_lower"})
      out.field(number(e, key));
    for (const char* key : {"votes", "wins", "losses", "ties", "both_bad"})
      out.field(e.at(key).get<std::int64_t>());
    out.field(e.at("status").get<std::string>()).end();
  }
  return std::move(out).finish();
}

std::string board_list_json(const listed_arena& arena, const std::vector<board_version>& current) {
  json boards = json::array();
  for (const ratings::planned_board& b : arena.plan) boards.push_back(summary_of(b, current));
  const bool quarantine = std::any_of(current.begin(), current.end(), [](const board_version& v) {
    return v.segment == ratings::unfiltered_segment;
  });
  return print_json(
      {{"arena", arena.slug}, {"quarantine", quarantine}, {"boards", std::move(boards)}});
}

std::string versions_json(const view_of& of, const std::vector<board_version>& page, int limit) {
  json out = head_of(of);
  out["versions"] = json::array();
  for (const board_version& v : page)
    out["versions"].push_back({{"version", v.version},
                               {"computed_at", to_rfc3339(v.computed_at)},
                               {"votes", v.votes},
                               {"inputs_sha256", v.inputs_sha256}});
  if (page.size() == static_cast<std::size_t>(limit))
    out["next"] = std::to_string(page.back().version);
  return print_json(out);
}

std::string history_json(const view_of& of, const history_query& query,
                         const std::vector<stored_board>& boards) {
  json out = head_of(of);
  out["from"] = to_rfc3339(query.from);
  out["to"] = to_rfc3339(query.to);
  out["step_seconds"] = query.step.count();
  out["boards"] = json::array();
  std::map<std::string, json> points;
  std::vector<std::string> order;
  for (std::size_t i = 0; i < boards.size(); ++i) {
    const stored_board& b = boards[i];
    out["boards"].push_back(
        {{"version", b.version}, {"computed_at", to_rfc3339(b.computed_at)}, {"votes", b.votes}});
    const json body = parsed_body(b);
    order.clear();
    for (const json& e : body.at("entries")) {
      const std::string& system = e.at("system").get_ref<const std::string&>();
      order.push_back(system);
      json& series = points.try_emplace(system, json::array()).first->second;
      if (!e.at("score").is_null()) series.push_back(point_of(e, i));
    }
  }
  out["systems"] = json::array();
  for (const std::string& system : order)
    out["systems"].push_back(
        {{"system", system}, {"name", of.arena.name_of(system)}, {"points", points.at(system)}});
  return print_json(out);
}

std::string history_csv(const view_of& of, const std::vector<stored_board>& boards) {
  csv_text out("computed_at,version,system,name,score,lower,upper,rank_upper,rank_lower,votes");
  for (const stored_board& b : boards) {
    const json body = parsed_body(b);
    for (const json& e : body.at("entries")) {
      if (e.at("score").is_null()) continue;
      const std::string system = e.at("system").get<std::string>();
      out.field(to_rfc3339(b.computed_at)).field(b.version).field(system);
      out.field(of.arena.name_of(system));
      for (const char* key : {"score", "lower", "upper", "rank_upper", "rank_lower"})
        out.field(number(e, key));
      out.field(e.at("votes").get<std::int64_t>()).end();
    }
  }
  return std::move(out).finish();
}

}  // namespace agon::boards
