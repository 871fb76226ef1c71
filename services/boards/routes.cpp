#include "services/boards/routes.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "services/core/json_reader.hpp"

namespace agon::boards {
namespace {

using json = nlohmann::json;
using namespace std::chrono_literals;

constexpr std::size_t largest_board = 16UL << 20;
constexpr auto feed_poll = 100ms;

http::response no_arena(const http::request& r) {
  return http::problem(fail(errc::not_found, "There is no such arena."), r.request_id);
}

json named(json entry, const listed_arena& arena) {
  const std::string slug = entry.at("system").get<std::string>();
  const auto it = std::find_if(arena.systems.begin(), arena.systems.end(),
                               [&](const listed_system& s) { return s.slug == slug; });
  entry["name"] = it == arena.systems.end() ? slug : it->name;
  if (it != arena.systems.end()) {
    entry["maker"] = it->maker;
    entry["licence"] = it->licence;
  }
  // The interface leaves out what a board states as null.
  for (const char* key : {"score", "lower", "upper", "rank_lower", "rank_upper"})
    if (entry[key].is_null()) entry.erase(key);
  return entry;
}

json unrated(const listed_arena& arena, const std::string& method) {
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
  return {{"arena", arena.slug},
          {"method", method},
          {"votes", 0},
          {"settings", json::object()},
          {"entries", std::move(entries)}};
}

json view_of(const stored_board& board, const listed_arena& arena) {
  const json body = crypto::parse_json(board.body, {.bytes = largest_board}).value();
  json entries = json::array();
  for (const json& e : body.at("entries")) entries.push_back(named(e, arena));
  return {{"arena", arena.slug},
          {"method", board.method},
          {"version", board.version},
          {"computed_at", to_rfc3339(board.computed_at)},
          {"inputs_sha256", board.inputs_sha256},
          {"votes", board.votes},
          {"settings", body.at("settings")},
          {"entries", std::move(entries)}};
}

// GET /api/v1/arenas/{arena}/board?method=
awaitable<http::response> get_board(board_api& api, const http::request& r) {
  const auto arena = api.arenas.by_slug(r.parameter("arena"));
  if (!arena) co_return no_arena(r);
  const std::string method = r.query_parameter("method").value_or("bradley_terry");
  if (method != "bradley_terry" && method != "elo") {
    error e = fail(errc::invalid_input, "There is no such board.");
    e.fields.push_back({"/method", "must be one of bradley_terry, elo"});
    co_return http::problem(e, r.request_id);
  }
  auto newest = co_await api.boards.newest(arena->id, method);
  if (!newest && newest.error().code != errc::not_found)
    co_return http::problem(newest.error(), r.request_id);
  const json view = newest ? view_of(*newest, *arena) : unrated(*arena, method);
  co_return http::cached_json(print_json(view), r.header("if-none-match"));
}

// "bradley_terry=17,elo=17": the versions that a client has seen, as an event's id.
std::map<std::string, std::int64_t> parse_seen(std::string_view text) {
  std::map<std::string, std::int64_t> out;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos || part.size() > 64) continue;
    std::int64_t version = 0;
    for (const char c : part.substr(equals + 1))
      if (c >= '0' && c <= '9' && version < (1LL << 50)) version = version * 10 + (c - '0');
    out[std::string(part.substr(0, equals))] = version;
  }
  return out;
}

std::string print_seen(const std::map<std::string, std::int64_t>& seen) {
  std::string out;
  for (const auto& [method, version] : seen)
    out += (out.empty() ? "" : ",") + method + "=" + std::to_string(version);
  return out;
}

awaitable<void> stream_boards(board_api& api, int arena, std::map<std::string, std::int64_t> seen,
                              http::event_sink& sink) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!sink.closed()) {
    for (const board_version& v : api.feed.current(arena)) {
      if (seen[v.method] >= v.version) continue;
      seen[v.method] = v.version;
      const std::string data =
          print_json({{"method", v.method}, {"version", v.version}, {"votes", v.votes}});
      const bool sent = co_await sink.send({print_seen(seen), "board", data});
      if (!sent) co_return;
    }
    timer.expires_after(feed_poll);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

// GET /api/v1/arenas/{arena}/events
awaitable<http::response> watch_arena(board_api& api, const http::request& r) {
  const auto arena = api.arenas.by_slug(r.parameter("arena"));
  if (!arena) co_return no_arena(r);
  http::response answer;
  answer.content_type = "text/event-stream";
  answer.body = http::event_stream{
      [&api, id = arena->id, seen = parse_seen(r.header("last-event-id"))](http::event_sink& sink) {
        return stream_boards(api, id, seen, sink);
      }};
  co_return answer;
}

}  // namespace

void add_routes(http::router& router, board_api& api) {
  router.add(http::method::get, "/api/v1/arenas/{arena:slug}/board",
             [&api](const http::request& r) { return get_board(api, r); });
  router.add(http::method::get, "/api/v1/arenas/{arena:slug}/events",
             [&api](const http::request& r) { return watch_arena(api, r); });
}

}  // namespace agon::boards
