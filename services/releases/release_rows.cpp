#include "services/releases/release_rows.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"
#include "privacy/release/manifest.hpp"

namespace agon::releases {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::json;
using release::row;
using release::value;

const std::string& slug_of(const release_store::arena_row& arena, int system) {
  for (const auto& [id, slug] : arena.systems)
    if (id == system) return slug;
  throw std::runtime_error("a battle names a system that its arena does not have");
}

value number_at(const std::vector<double>& values, std::size_t i) {
  if (i >= values.size()) return std::monostate{};
  return values[i];
}

row vote_row(const release_store::arena_row& arena, const released_battle& b) {
  row r;
  r.set("battle", value(b.battle))
      .set("arena", value(arena.slug))
      .set("day", value(b.day))
      .set("protocol_version", b.protocol_version)
      .set("system_a", value(slug_of(arena, b.systems.at(0))))
      .set("system_b", value(slug_of(arena, b.systems.at(1))))
      .set("winner", value(b.winner))
      .set("sampling_probability", value(b.sampling_probability))
      .set("seconds_heard_a", number_at(b.heard_seconds, 0))
      .set("seconds_heard_b", number_at(b.heard_seconds, 1))
      .set("generation_seconds_a", number_at(b.generation_seconds, 0))
      .set("generation_seconds_b", number_at(b.generation_seconds, 1));
  if (!b.language.empty()) r.set("language", value(b.language));
  if (b.publish_text) r.set("prompt", value(b.prompt));
  return r;
}

row output_row(const release_store::arena_row& arena, const released_battle& b,
               const released_output& o, std::string_view status) {
  row r;
  r.set("battle", value(b.battle))
      .set("slot", o.slot == 0 ? "a" : "b")
      .set("system", value(slug_of(arena, o.system)))
      .set("status", status)
      .set("generation_seconds", value(o.generation_seconds));
  if (!o.media_sha256.empty()) {
    if (o.seconds > 0) r.set("seconds", value(o.seconds));
    if (o.loudness_lufs) r.set("loudness", value(*o.loudness_lufs));
  }
  return r;
}

row comment_row(const released_battle& b, const released_comment& c) {
  const json body = crypto::parse_json(c.body).value();
  row r;
  r.set("battle", value(b.battle))
      .set("day", value(c.day))
      .set("question", value(c.question))
      .set("kind", value(body.at("kind").get<std::string>()))
      .set("target", value(body.at("target").get<std::string>()))
      .set("criterion", value(body.at("criterion").get<std::string>()))
      .set("comment_type", value(body.at("value").at("type").get<std::string>()))
      .set("text", value(body.at("value").at("text").get<std::string>()));
  return r;
}

// A failed attempt that another system stood in for is told apart from the last one.
std::string_view released_status(const released_battle& b, const released_output& o) {
  if (o.status == "shown") return "shown";
  const bool followed =
      std::any_of(b.outputs.begin(), b.outputs.end(), [&](const released_output& other) {
        return other.slot == o.slot && other.attempt > o.attempt;
      });
  return followed ? "replaced" : "failed";
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return out.str();
}

}  // namespace

std::optional<release::release_error> add_battle(release::release_builder& builder,
                                                 const release_store::arena_row& arena,
                                                 const released_battle& battle,
                                                 bool release_outputs) {
  builder.count({battle.participant, battle.day, battle.language,
                 slug_of(arena, battle.systems.at(0)), slug_of(arena, battle.systems.at(1))});
  if (!battle.publish) return std::nullopt;
  if (auto added = builder.add("votes", vote_row(arena, battle)); !added) return added.error();
  if (release_outputs) {
    for (const released_output& o : battle.outputs) {
      auto added = builder.add("outputs", output_row(arena, battle, o, released_status(battle, o)));
      if (!added) return added.error();
    }
  }
  if (battle.publish_text) {
    for (const released_comment& c : battle.comments)
      if (auto added = builder.add("feedback", comment_row(battle, c)); !added)
        return added.error();
  }
  return std::nullopt;
}

sealed_files read_manifest(const fs::path& directory) {
  const std::string text = read_file(directory / "manifest.json");
  const auto manifest = release::parse_manifest(text);
  if (!manifest) throw std::runtime_error(manifest.error().describe());
  std::map<std::string, std::int64_t> rows;
  for (const auto& f : manifest->files) rows[f.path] = f.rows;

  sealed_files out;
  out.votes = manifest->rows_of("votes");
  out.manifest_sha256 = crypto::to_hex(crypto::bytes_of(crypto::sha256(text)));
  json list = json::array();
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    const std::string path = fs::relative(entry.path(), directory).generic_string();
    const auto bytes = static_cast<std::int64_t>(entry.file_size());
    const std::string sha256 =
        crypto::to_hex(crypto::bytes_of(crypto::sha256_of_file(entry.path().string())));
    json item = {{"path", path}, {"bytes", bytes}, {"sha256", sha256}};
    if (rows.contains(path)) item["rows"] = rows[path];
    out.bytes += bytes;
    list.push_back(std::move(item));
  }
  std::sort(list.begin(), list.end(), [](const json& x, const json& y) {
    return x.at("path").get<std::string>() < y.at("path").get<std::string>();
  });
  out.list = crypto::canonical_json(list);
  return out;
}

}  // namespace agon::releases
