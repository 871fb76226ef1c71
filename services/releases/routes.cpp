#include "services/releases/routes.hpp"

#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "services/core/json_reader.hpp"

namespace agon::releases {
namespace {

using json = nlohmann::json;

json files_of(const partition& p) {
  return crypto::parse_json(p.files, {.bytes = 16UL << 20}).value();
}

http::response retracted(const http::request& r, const partition& p) {
  return http::problem(fail(errc::not_found, "This release was retracted: " + p.retraction),
                       r.request_id);
}

http::response not_there(const http::request& r) {
  return http::problem(fail(errc::not_found, "There is no such release."), r.request_id);
}

std::string content_type_of(const std::string& path) {
  if (path.ends_with(".json")) return "application/json";
  if (path.ends_with(".md")) return "text/markdown; charset=utf-8";
  if (path.ends_with(".parquet")) return "application/vnd.apache.parquet";
  if (path.ends_with(".zst")) return "application/zstd";
  return "text/plain; charset=utf-8";
}

// GET /api/v1/arenas/{arena}/releases
awaitable<http::response> list_releases(release_api& api, const http::request& r) {
  const std::string arena(r.parameter("arena"));
  const auto id = api.arena_id(arena);
  if (!id) co_return http::problem(fail(errc::not_found, "There is no such arena."), r.request_id);
  auto published = co_await api.list.published(*id);
  if (!published) co_return http::problem(published.error(), r.request_id);
  json list = json::array();
  for (const partition& p : *published) {
    json files = files_of(p);
    for (json& f : files)
      f["url"] = "/releases/" + arena + "/" + p.name + "/" + f.at("path").get<std::string>();
    json item = {
        {"partition", p.name},      {"sealed_at", to_rfc3339(p.sealed_at.value_or(time_point{}))},
        {"votes", p.votes},         {"bytes", p.bytes},
        {"revision", p.revision},   {"manifest_sha256", p.manifest_sha256},
        {"files", std::move(files)}};
    if (!p.public_key.empty()) item["public_key"] = p.public_key;
    if (p.revised_at) item["revised_at"] = to_rfc3339(*p.revised_at);
    if (p.retracted_at) item["retracted_at"] = to_rfc3339(*p.retracted_at);
    if (p.retracted_at) item["retraction"] = p.retraction;
    list.push_back(std::move(item));
  }
  co_return http::cached_json(print_json({{"releases", std::move(list)}}),
                              r.header("if-none-match"));
}

// GET /releases/{arena}/{partition}/{file}
awaitable<http::response> get_file(release_api& api, const http::request& r) {
  const auto id = api.arena_id(r.parameter("arena"));
  if (!id) co_return not_there(r);
  auto published = co_await api.list.published(*id);
  if (!published) co_return http::problem(published.error(), r.request_id);
  for (const partition& p : *published) {
    if (p.name != r.parameter("partition")) continue;
    if (p.state == partition_state::retracted) co_return retracted(r, p);
    for (const json& f : files_of(p)) {
      const auto path = f.at("path").get<std::string>();
      if (path != r.parameter("file")) continue;
      http::response answer;
      answer.content_type = content_type_of(path);
      answer.body =
          http::file_body{api.root / std::string(r.parameter("arena")) / p.folder_name() / path,
                          "\"" + f.at("sha256").get<std::string>() + "\""};
      // A revision or a retraction takes people's rows away: no cache may outlive it.
      answer.set("Cache-Control", "public, no-cache");
      answer.set("Access-Control-Allow-Origin", "*");
      co_return answer;
    }
  }
  co_return not_there(r);
}

}  // namespace

void add_routes(http::router& router, release_api& api) {
  router.add(http::method::get, "/api/v1/arenas/{arena:slug}/releases",
             [&api](const http::request& r) { return list_releases(api, r); });
  router.add(http::method::get, "/releases/{arena:slug}/{partition:slug}/{file:path}",
             [&api](const http::request& r) { return get_file(api, r); });
}

}  // namespace agon::releases
