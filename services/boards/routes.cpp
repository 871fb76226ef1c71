#include "services/boards/routes.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "services/boards/board_parameters.hpp"
#include "services/core/json_reader.hpp"

namespace agon::boards {
namespace {

using json = nlohmann::json;
using namespace std::chrono_literals;

// Of a segment's name.
constexpr std::size_t longest_segment = 128;
constexpr auto feed_poll = 100ms;

http::response no_arena(const http::request& r) {
  return http::problem(fail(errc::not_found, "There is no such arena."), r.request_id);
}

// GET /api/v1/arenas/{arena}/board?method=
awaitable<http::response> get_board(board_api& api, const http::request& r) {
  const auto arena = api.arenas.by_slug(r.parameter("arena"));
  if (!arena) co_return no_arena(r);
  const std::string method =
      r.query_parameter("method").value_or(std::string(board_name(arena->plan.front().method)));
  if (!find_planned(*arena, method)) {
    error e = fail(errc::invalid_input, "There is no such board.");
    e.fields.push_back({"/method", "must be a method that the arena has: see …/boards"});
    co_return http::problem(e, r.request_id);
  }
  const auto newest = co_await api.boards.newest({arena->id, method, ""});
  if (!newest && newest.error().code != errc::not_found)
    co_return http::problem(newest.error(), r.request_id);
  const view_of view{*arena, method, ""};
  std::string text = newest ? board_json(view, *newest) : unrated_json(view);
  co_return http::cached_json(std::move(text), r.header("if-none-match"));
}

// Method, or method@segment.
std::string board_of(std::string_view method, std::string_view segment) {
  std::string out(method);
  if (!segment.empty()) out.append("@").append(segment);
  return out;
}

// "bradley_terry=17,bradley_terry@language:en=3": the versions that a client has seen, as
// an event's id. Ours alone are read, so that what we send does not grow with what we get.
std::map<std::string, std::int64_t> parse_seen(std::string_view text, const listed_arena& arena,
                                               std::string_view segment) {
  std::map<std::string, std::int64_t> known, out;
  for (const ratings::planned_board& b : arena.plan) {
    known.emplace(board_of(ratings::board_name(b.method), ""), 0);
    known.emplace(board_of(ratings::board_name(b.method), segment), 0);
  }
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    if (!known.contains(std::string(part.substr(0, equals)))) continue;
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

std::string event_data(const board_version& v) {
  json data = {{"method", v.method}, {"version", v.version}, {"votes", v.votes}};
  if (!v.segment.empty()) data["segment"] = v.segment;
  return print_json(data);
}

// Planned boards of all votes, and those of one segment if it is not empty.
awaitable<void> stream_boards(board_api& api, int arena, std::string slug, std::string segment,
                              std::map<std::string, std::int64_t> seen, http::event_sink& sink) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!sink.closed()) {
    for (const board_version& v : api.feed.current(arena)) {
      if (!v.segment.empty() && v.segment != segment) continue;
      const std::string board = board_of(v.method, v.segment);
      const auto known = seen.find(board);
      if (known != seen.end() && known->second >= v.version) continue;
      // A board that has left the arena's file stays stored; nobody is told of it.
      const auto now = api.arenas.by_slug(slug);
      if (!now || !find_planned(*now, v.method)) continue;
      seen[board] = v.version;
      const bool sent = co_await sink.send({print_seen(seen), "board", event_data(v)});
      if (!sent) co_return;
    }
    timer.expires_after(feed_poll);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

// GET /api/v1/arenas/{arena}/events?segment=
awaitable<http::response> watch_arena(board_api& api, const http::request& r) {
  const auto arena = api.arenas.by_slug(r.parameter("arena"));
  if (!arena) co_return no_arena(r);
  const std::string segment = r.query_parameter("segment").value_or("");
  if (segment.size() > longest_segment) {
    error e = fail(errc::invalid_input, "There is no such segment.");
    e.fields.push_back({"/segment", "must have at most 128 bytes"});
    co_return http::problem(e, r.request_id);
  }
  http::response answer;
  answer.content_type = "text/event-stream";
  answer.body = http::event_stream{
      [&api, id = arena->id, slug = arena->slug, segment,
       seen = parse_seen(r.header("last-event-id"), *arena, segment)](http::event_sink& sink) {
        return stream_boards(api, id, slug, segment, seen, sink);
      }};
  co_return answer;
}

}  // namespace

void add_routes(http::router& router, board_api& api) {
  router.add(http::method::get, "/api/v1/arenas/{arena:slug}/board",
             [&api](const http::request& r) { return get_board(api, r); });
  router.add(http::method::get, "/api/v1/arenas/{arena:slug}/events",
             [&api](const http::request& r) { return watch_arena(api, r); });
  add_board_routes(router, api);
}

}  // namespace agon::boards
