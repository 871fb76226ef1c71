#include <nlohmann/json.hpp>

#include "services/arena/routes.hpp"
#include "services/arena/views.hpp"
#include "services/core/json_reader.hpp"

namespace agon::arena {
namespace {

using json = nlohmann::json;

http::response no_arena(const http::request& r) {
  return http::problem(fail(errc::not_found, "There is no such arena."), r.request_id);
}

// GET /api/v1/arenas
awaitable<http::response> list_arenas(arena_api& api, const http::request& r) {
  auto counts = co_await api.counts.counts();
  if (!counts) co_return http::problem(counts.error(), r.request_id);
  json list = json::array();
  for (const arena_ptr& a : api.arenas.all()) {
    std::int64_t votes = 0;
    for (const arena_counts& c : *counts)
      if (c.arena == a->definition.id) votes = c.votes;
    list.push_back({{"id", a->definition.slug},
                    {"title", a->definition.title},
                    {"description", a->definition.description},
                    {"modality", name_of(a->definition.kind)},
                    {"systems", a->definition.systems.size()},
                    {"votes", votes}});
  }
  co_return http::json(print_json({{"arenas", std::move(list)}}));
}

// GET /api/v1/arenas/{arena}
awaitable<http::response> get_arena(arena_api& api, const http::request& r) {
  const arena_ptr a = api.arenas.find(r.parameter("arena"));
  if (!a) co_return no_arena(r);
  co_return http::cached_json(print_json(view_of(a->definition)), r.header("if-none-match"));
}

// GET /api/v1/arenas/{arena}/prompts/random
awaitable<http::response> random_prompt(arena_api& api, const http::request& r) {
  const arena_ptr a = api.arenas.find(r.parameter("arena"));
  if (!a) co_return no_arena(r);
  const auto& prompts = a->definition.prompts;
  if (prompts.empty())
    co_return http::problem(fail(errc::not_found, "This arena has no prompts of its own."),
                            r.request_id);
  co_return http::json(print_json({{"prompt", prompts[api.random.below(prompts.size())]}}));
}

// GET /media/{name}
awaitable<http::response> get_media(arena_api& api, const http::request& r) {
  const auto found = api.media.find(r.parameter("name"));
  if (!found)
    co_return http::problem(fail(errc::not_found, "There is no such file."), r.request_id);
  http::response answer;
  answer.content_type = found->type;
  // The name is random and says nothing. The file's time is when its system was done, and
  // so would tell the fast one from the slow one before the vote.
  answer.body = http::file_body{found->path, "\"" + std::string(r.parameter("name")) + "\"", false};
  answer.set("Cache-Control", "private, max-age=86400, immutable");
  co_return answer;
}

}  // namespace

void add_arena_routes(http::router& router, arena_api& api) {
  using http::method;
  router.add(method::get, "/api/v1/arenas",
             [&api](const http::request& r) { return list_arenas(api, r); });
  router.add(method::get, "/api/v1/arenas/{arena:slug}",
             [&api](const http::request& r) { return get_arena(api, r); });
  router.add(method::get, "/api/v1/arenas/{arena:slug}/prompts/random",
             [&api](const http::request& r) { return random_prompt(api, r); });
  router.add(method::get, "/media/{name:slug}",
             [&api](const http::request& r) { return get_media(api, r); });
}

}  // namespace agon::arena
