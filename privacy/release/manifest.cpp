#include "privacy/release/manifest.hpp"

#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/release/zstd_file.hpp"

namespace agon::release {
namespace {

using json = nlohmann::json;

constexpr crypto::json_limits manifest_limits{16UL << 20, 8};

json anchor_json(const std::optional<ratings::score_anchor>& a) {
  if (!a) return nullptr;
  return {{"system", a->system}, {"score", a->score}};
}

json board_json(const manifest_board& b) {
  return {
      {"method", "bradley_terry"},
      {"segment", "overall"},
      {"code", b.code},
      {"inputs_sha256", b.inputs_sha256},
      {"votes", b.votes},
      {"systems", b.systems},
      {"settings",
       {{"both_bad", ratings::to_text(b.settings.both_bad)},
        {"confidence", b.settings.confidence},
        {"mean", b.settings.mean},
        {"anchor", anchor_json(b.settings.anchor)},
        {"small_sample_error", b.settings.small_sample_error}}},
  };
}

json files_json(const std::vector<manifest_file>& files) {
  json out = json::array();
  for (const manifest_file& f : files)
    out.push_back({{"path", f.path},
                   {"table", f.table},
                   {"sha256", f.sha256},
                   {"schema_sha256", f.schema_sha256},
                   {"bytes", f.bytes},
                   {"raw_bytes", f.raw_bytes},
                   {"rows", f.rows}});
  return out;
}

json variable_json(const variable& v) {
  json out = {{"nulls", v.nulls}};
  if (!v.values.empty()) {
    json values = json::object();
    for (const auto& [text, count] : v.values) values[text] = count;
    out["values"] = std::move(values);
  }
  if (v.many) out["many"] = true;
  if (v.least) out["least"] = *v.least;
  if (v.greatest) out["greatest"] = *v.greatest;
  if (!v.first.empty()) out["first"] = v.first;
  if (!v.last.empty()) out["last"] = v.last;
  return out;
}

variable read_variable(const json& j) {
  variable v;
  v.nulls = j.at("nulls").get<std::int64_t>();
  if (j.contains("values"))
    for (const auto& [text, count] : j.at("values").items())
      v.values.emplace(text, count.get<std::int64_t>());
  v.many = j.value("many", false);
  if (j.contains("least")) v.least = j.at("least").get<double>();
  if (j.contains("greatest")) v.greatest = j.at("greatest").get<double>();
  v.first = j.value("first", std::string());
  v.last = j.value("last", std::string());
  return v;
}

json variables_json(const std::map<std::string, table_variables>& variables) {
  json out = json::object();
  for (const auto& [table, columns] : variables)
    for (const auto& [name, v] : columns) out[table][name] = variable_json(v);
  return out;
}

json risk_json(const release_risk& r) {
  return {{"records", r.records},       {"classes", r.classes},       {"smallest", r.smallest},
          {"distinct_l", r.distinct_l}, {"highest", r.highest},       {"average", r.average},
          {"at_risk", r.at_risk},       {"uniqueness", r.uniqueness}, {"marketer", r.marketer},
          {"entropy_l", r.entropy_l},   {"distance_t", r.distance_t}};
}

release_risk read_risk(const json& j) {
  release_risk r;
  r.records = j.at("records").get<std::int64_t>();
  r.classes = j.at("classes").get<std::int64_t>();
  r.smallest = j.at("smallest").get<std::int64_t>();
  r.distinct_l = j.at("distinct_l").get<std::int64_t>();
  r.highest = j.at("highest").get<double>();
  r.average = j.at("average").get<double>();
  r.at_risk = j.at("at_risk").get<double>();
  r.uniqueness = j.at("uniqueness").get<double>();
  r.marketer = j.at("marketer").get<double>();
  r.entropy_l = j.at("entropy_l").get<double>();
  r.distance_t = j.at("distance_t").get<double>();
  return r;
}

json counts_json(const manifest_counts& c) {
  return {{"published", c.published},
          {"reason", c.reason},
          {"dimensions", c.dimensions},
          {"votes_per_person", c.votes_per_person},
          {"rho_billionths", c.rho_billionths},
          {"deviation", c.deviation},
          {"period", c.period}};
}

manifest_counts read_counts(const json& j) {
  manifest_counts c;
  c.published = j.at("published").get<bool>();
  c.reason = j.at("reason").get<std::string>();
  c.dimensions = j.at("dimensions").get<std::vector<std::string>>();
  c.votes_per_person = j.at("votes_per_person").get<std::int64_t>();
  c.rho_billionths = j.at("rho_billionths").get<std::int64_t>();
  c.deviation = j.at("deviation").get<double>();
  c.period = j.at("period").get<std::string>();
  return c;
}

json history_json(const std::vector<manifest_change>& history) {
  json out = json::array();
  for (const manifest_change& c : history)
    out.push_back({{"revision", c.revision}, {"day", c.day}, {"votes", c.votes}, {"note", c.note}});
  return out;
}

std::vector<manifest_change> read_history(const json& j) {
  std::vector<manifest_change> out;
  for (const json& c : j)
    out.push_back({c.at("revision").get<std::int64_t>(), c.at("day").get<std::string>(),
                   c.at("votes").get<std::int64_t>(), c.at("note").get<std::string>()});
  return out;
}

manifest_board read_board(const json& j) {
  manifest_board b;
  b.code = j.at("code").get<std::string>();
  b.inputs_sha256 = j.at("inputs_sha256").get<std::string>();
  b.votes = j.at("votes").get<std::int64_t>();
  b.systems = j.at("systems").get<std::vector<std::string>>();
  const json& s = j.at("settings");
  const auto both_bad = ratings::both_bad_policy_from_text(s.at("both_bad").get<std::string>());
  // A text that is none of the known ones stays at the default here and is found by the
  // comparison with what we would have written.
  if (both_bad) b.settings.both_bad = *both_bad;
  b.settings.confidence = s.at("confidence").get<double>();
  b.settings.mean = s.at("mean").get<double>();
  b.settings.small_sample_error = s.at("small_sample_error").get<double>();
  if (const json& a = s.at("anchor"); !a.is_null())
    b.settings.anchor = {a.at("system").get<std::string>(), a.at("score").get<double>()};
  return b;
}

std::vector<manifest_file> read_files(const json& j) {
  std::vector<manifest_file> out;
  for (const json& f : j)
    out.push_back({f.at("path").get<std::string>(), f.at("table").get<std::string>(),
                   f.at("sha256").get<std::string>(), f.at("schema_sha256").get<std::string>(),
                   f.at("bytes").get<std::int64_t>(), f.at("raw_bytes").get<std::int64_t>(),
                   f.at("rows").get<std::int64_t>()});
  return out;
}

manifest read_manifest(const json& j) {
  manifest m;
  m.arena = j.at("arena").get<std::string>();
  m.arena_title = j.at("arena_title").get<std::string>();
  m.partition = j.at("partition").get<std::string>();
  m.created_day = j.at("created_day").get<std::string>();
  m.code_version = j.at("code_version").get<std::string>();
  m.license = j.at("license").get<std::string>();
  m.url = j.at("url").get<std::string>();
  m.history = read_history(j.at("history"));
  for (const auto& [table, columns] : j.at("variables").items())
    for (const auto& [name, v] : columns.items()) m.variables[table][name] = read_variable(v);
  m.risk = read_risk(j.at("risk"));
  m.counts = read_counts(j.at("counts"));
  m.compression_library = j.at("compression").at("library").get<std::string>();
  m.sealed = j.at("sealed").get<bool>();
  m.policy = policy_from_json(j.at("policy").dump());
  m.files = read_files(j.at("files"));
  m.redacted = j.at("redacted").get<std::map<std::string, std::int64_t>>();
  m.board = read_board(j.at("board"));
  return m;
}

release_error unreadable(std::string sentence) {
  return {release_errc::check_failed, "", "", std::move(sentence)};
}

}  // namespace

std::int64_t manifest::rows_of(std::string_view table) const {
  std::int64_t rows = 0;
  for (const manifest_file& f : files)
    if (f.table == table && !f.path.ends_with(".parquet")) rows += f.rows;  // not twice
  return rows;
}

std::string to_json(const manifest& m) {
  return crypto::canonical_json({
      {"format", format_version},
      {"arena", m.arena},
      {"arena_title", m.arena_title},
      {"partition", m.partition},
      {"created_day", m.created_day},
      {"code_version", m.code_version},
      {"license", m.license},
      {"url", m.url},
      {"sealed", m.sealed},
      {"history", history_json(m.history)},
      {"variables", variables_json(m.variables)},
      {"risk", risk_json(m.risk)},
      {"counts", counts_json(m.counts)},
      {"policy", json::parse(to_json(m.policy))},
      {"policy_sha256", policy_sha256(m.policy)},
      {"compression",
       {{"name", "zstd"}, {"level", compression_level}, {"library", m.compression_library}}},
      {"files", files_json(m.files)},
      {"redacted", m.redacted},
      {"board", board_json(m.board)},
  });
}

result<manifest> parse_manifest(std::string_view text) {
  const auto parsed = crypto::parse_json(text, manifest_limits);
  if (!parsed) return unreadable("manifest.json cannot be read: " + parsed.error().reason);
  try {
    if (parsed->at("format") != format_version)
      return unreadable("manifest.json is of a format that this program does not know");
    manifest m = read_manifest(*parsed);
    // Whatever was left unread, is not canonical or contradicts itself shows here.
    if (to_json(m) != text)
      return unreadable("manifest.json is not, byte by byte, what its content asks for");
    return m;
  } catch (const json::exception&) {
    return unreadable("manifest.json lacks a field or has one of another type");
  } catch (const std::invalid_argument&) {
    return unreadable("manifest.json holds a number that cannot be");
  }
}

std::string sums_line(std::string_view sha256, std::string_view path) {
  return std::string(sha256).append("  ").append(path).append("\n");
}

}  // namespace agon::release
