// The boards of an arena: GET /api/v1/arenas/{arena}/boards and what is below it.
#include <functional>

#include "services/boards/board_analysis.hpp"
#include "services/boards/board_parameters.hpp"
#include "services/boards/routes.hpp"
#include "services/core/isolated.hpp"
#include "services/http/cached.hpp"

namespace agon::boards {
namespace {

// What every request below …/boards/{method} names.
struct board_request {
  listed_arena arena;
  ratings::planned_board planned;
  std::string segment;
  view_format format = view_format::json;

  [[nodiscard]] std::string method() const {
    return std::string(ratings::board_name(planned.method));
  }
  [[nodiscard]] board_key key() const { return {arena.id, method(), segment}; }
  [[nodiscard]] view_of view() const { return {arena, method(), segment}; }
  [[nodiscard]] bool csv() const { return format == view_format::csv; }
};

result<board_request> read_request(const board_api& api, const http::request& r) {
  auto arena = api.arenas.by_slug(r.parameter("arena"));
  if (!arena) return fail(errc::not_found, "There is no such arena.");
  auto planned = find_planned(*arena, r.parameter("method"));
  if (!planned) return planned.error();
  auto segment = read_segment(r, *planned);
  if (!segment) return segment.error();
  const auto format = read_format(r);
  if (!format) return format.error();
  return board_request{std::move(*arena), std::move(*planned), std::move(*segment), *format};
}

// JSON to read, or CSV to save under a name such as speech-elo-pairs.csv.
http::response answer(const board_request& q, std::string text, std::string_view what,
                      const http::request& r) {
  if (!q.csv()) return http::cached_json(std::move(text), r.header("if-none-match"));
  http::response out =
      http::cached(std::move(text), "text/csv; charset=utf-8", r.header("if-none-match"));
  std::string name = q.arena.slug + "-" + q.method();
  if (!q.segment.empty()) name += "-" + q.segment;
  if (!what.empty()) name += "-" + std::string(what);
  for (char& c : name)
    if (c == ':') c = '-';
  out.set("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
  return out;
}

awaitable<result<std::string>> run_compute(std::function<std::string()> compute) {
  co_return compute();
}

// On a thread that may take its time.
awaitable<result<std::string>> computed(board_api& api, std::function<std::string()> compute) {
  return isolated<std::string>(api.work, run_compute(std::move(compute)));
}

// GET /api/v1/arenas/{arena}/boards
awaitable<http::response> list_boards(board_api& api, const http::request& r) {
  const auto arena = api.arenas.by_slug(r.parameter("arena"));
  if (!arena)
    co_return http::problem(fail(errc::not_found, "There is no such arena."), r.request_id);
  const auto current = co_await api.boards.current(arena->id);
  if (!current) co_return http::problem(current.error(), r.request_id);
  co_return http::cached_json(board_list_json(*arena, *current), r.header("if-none-match"));
}

// GET /api/v1/arenas/{arena}/boards/{method}?segment=&at=&format=
awaitable<http::response> get_board_of(board_api& api, const http::request& r) {
  const auto q = read_request(api, r);
  if (!q) co_return http::problem(q.error(), r.request_id);
  const auto at = read_moment(r, "at");
  if (!at) co_return http::problem(at.error(), r.request_id);
  auto lookup = *at ? api.boards.at(q->key(), **at) : api.boards.newest(q->key());
  const auto board = co_await std::move(lookup);
  const bool before_first =
      !board && board.error().code == errc::not_found && !*at && q->segment.empty();
  if (!board && !before_first) co_return http::problem(board.error(), r.request_id);
  std::optional<stored_board> found;
  if (board) found = *board;
  if (q->csv()) co_return answer(*q, board_csv(q->view(), found), "", r);
  std::string text = found ? board_json(q->view(), *found) : unrated_json(q->view());
  co_return answer(*q, std::move(text), "", r);
}

// GET /api/v1/arenas/{arena}/boards/{method}/versions?segment=&cursor=&limit=
awaitable<http::response> list_versions(board_api& api, const http::request& r) {
  const auto q = read_request(api, r);
  if (!q) co_return http::problem(q.error(), r.request_id);
  const auto page = read_page(r);
  if (!page) co_return http::problem(page.error(), r.request_id);
  const auto versions = co_await api.boards.kept(q->key(), *page);
  if (!versions) co_return http::problem(versions.error(), r.request_id);
  co_return http::cached_json(versions_json(q->view(), *versions, page->limit),
                              r.header("if-none-match"));
}

// GET /api/v1/arenas/{arena}/boards/{method}/history?segment=&from=&to=&format=
awaitable<http::response> get_history(board_api& api, const http::request& r) {
  const auto q = read_request(api, r);
  if (!q) co_return http::problem(q.error(), r.request_id);
  const auto query = read_history(r, api.clock.now());
  if (!query) co_return http::problem(query.error(), r.request_id);
  const auto boards = co_await api.boards.history(q->key(), *query);
  if (!boards) co_return http::problem(boards.error(), r.request_id);
  auto work = computed(api, [&] {
    return q->csv() ? history_csv(q->view(), *boards) : history_json(q->view(), *query, *boards);
  });
  auto text = co_await std::move(work);
  if (!text) co_return http::problem(text.error(), r.request_id);
  co_return answer(*q, std::move(*text), "history", r);
}

using analysis = std::string (*)(const analysed_board&);

// The newest board with its tallies, and what `analyse` makes of them.
awaitable<http::response> analysed(board_api& api, const http::request& r, const board_request& q,
                                   analysis analyse, std::string_view what) {
  const auto counted = co_await api.boards.counted(q.key());
  if (!counted) co_return http::problem(counted.error(), r.request_id);
  if (!counted->board)
    co_return http::problem(fail(errc::not_found, "There is no board yet."), r.request_id);
  auto work = computed(api, [&] { return analyse({q.view(), q.planned, *counted}); });
  auto text = co_await std::move(work);
  if (!text) co_return http::problem(text.error(), r.request_id);
  co_return answer(q, std::move(*text), what, r);
}

// GET /api/v1/arenas/{arena}/boards/{method}/pairs?segment=&format=
awaitable<http::response> get_pairs(board_api& api, const http::request& r) {
  const auto q = read_request(api, r);
  if (!q) co_return http::problem(q.error(), r.request_id);
  co_return co_await analysed(api, r, *q, q->csv() ? pairs_csv : pairs_json, "pairs");
}

// GET /api/v1/arenas/{arena}/boards/{method}/difference?segment=&format=
// Of style control without a segment: to the plain board.
awaitable<http::response> get_difference(board_api& api, const http::request& r) {
  const auto q = read_request(api, r);
  if (!q) co_return http::problem(q.error(), r.request_id);
  const bool styled = q->planned.method == ratings::method::contextual;
  if ((q->segment.empty() && !styled) || q->planned.method == ratings::method::elo) {
    error e = fail(errc::invalid_input, "Only a segment has a difference to all votes.");
    e.fields.push_back({"/segment", "must name a segment of a board that has some"});
    co_return http::problem(e, r.request_id);
  }
  co_return co_await analysed(api, r, *q, q->csv() ? difference_csv : difference_json,
                              "difference");
}

// GET /api/v1/arenas/{arena}/boards/{method}/robustness?segment=
awaitable<http::response> get_robustness(board_api& api, const http::request& r) {
  auto q = read_request(api, r);
  if (!q) co_return http::problem(q.error(), r.request_id);
  q->format = view_format::json;
  co_return co_await analysed(api, r, *q, robustness_json, "robustness");
}

// GET /api/v1/arenas/{arena}/boards/{method}/plane?segment=&format=
awaitable<http::response> get_plane(board_api& api, const http::request& r) {
  const auto q = read_request(api, r);
  if (!q) co_return http::problem(q.error(), r.request_id);
  const auto board = co_await api.boards.newest(q->key());
  if (!board) co_return http::problem(board.error(), r.request_id);
  const auto speeds = co_await api.boards.speeds(q->arena.id);
  if (!speeds) co_return http::problem(speeds.error(), r.request_id);
  std::string text =
      q->csv() ? plane_csv(q->view(), *board, *speeds) : plane_json(q->view(), *board, *speeds);
  co_return answer(*q, std::move(text), "plane", r);
}

}  // namespace

void add_board_routes(http::router& router, board_api& api) {
  const std::string boards = "/api/v1/arenas/{arena:slug}/boards";
  const auto add = [&](const std::string& below, auto handler) {
    router.add(http::method::get, boards + below,
               [&api, handler](const http::request& r) { return handler(api, r); });
  };
  add("", list_boards);
  add("/{method:slug}", get_board_of);
  add("/{method:slug}/versions", list_versions);
  add("/{method:slug}/history", get_history);
  add("/{method:slug}/pairs", get_pairs);
  add("/{method:slug}/difference", get_difference);
  add("/{method:slug}/robustness", get_robustness);
  add("/{method:slug}/plane", get_plane);
}

}  // namespace agon::boards
