#include "services/boards/board_parameters.hpp"

#include <algorithm>
#include <charconv>

namespace agon::boards {
namespace {

using namespace std::chrono_literals;

constexpr int most_versions = 200;
constexpr int most_history_points = 200;
constexpr auto usual_history = std::chrono::hours(24 * 30);

error bad_parameter(std::string_view name, std::string reason) {
  error e = fail(errc::invalid_input, "The request names something that there is not.");
  e.fields.push_back({"/" + std::string(name), std::move(reason)});
  return e;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

}  // namespace

result<ratings::planned_board> find_planned(const listed_arena& arena, std::string_view method) {
  for (const ratings::planned_board& b : arena.plan)
    if (method == ratings::board_name(b.method)) return b;
  return fail(errc::not_found, "This arena has no such board.");
}

result<std::string> read_segment(const http::request& r, const ratings::planned_board& board) {
  const std::string segment = r.query_parameter("segment").value_or("");
  if (segment.empty()) return segment;
  const std::string_view dimension = ratings::dimension_of(segment);
  const auto& by = board.segment_by;
  const bool known =
      std::find(by.begin(), by.end(), dimension) != by.end() ||
      (segment == ratings::unfiltered_segment && board.method != ratings::method::elo);
  if (!known || !ratings::segment_name(dimension, segment.substr(dimension.size() + 1)))
    return fail(errc::not_found, "This board has no such segment.");
  return segment;
}

result<view_format> read_format(const http::request& r) {
  const std::string format = r.query_parameter("format").value_or("json");
  if (format == "json") return view_format::json;
  if (format == "csv") return view_format::csv;
  return bad_parameter("format", "must be one of json, csv");
}

result<std::optional<time_point>> read_moment(const http::request& r, std::string_view name) {
  const auto text = r.query_parameter(name);
  if (!text || text->empty()) return std::optional<time_point>();
  const bool day = text->size() == 10;
  const auto moment = parse_rfc3339(day ? *text + "T00:00:00Z" : *text);
  if (!moment) return bad_parameter(name, "must be a moment as in 2026-11-25T12:00:00Z, or a day");
  return std::optional(day ? *moment + 24h - 1us : *moment);
}

result<version_query> read_page(const http::request& r) {
  version_query out;
  if (const auto cursor = r.query_parameter("cursor")) {
    out.before = whole_number(*cursor);
    if (!out.before || *out.before < 1) return bad_parameter("cursor", "is none of ours");
  }
  if (const auto limit = r.query_parameter("limit")) {
    const auto number = whole_number(*limit);
    if (!number || *number < 1 || *number > most_versions)
      return bad_parameter("limit", "must be from 1 to 200");
    out.limit = static_cast<int>(*number);
  }
  return out;
}

result<history_query> read_history(const http::request& r, time_point now) {
  const auto from = read_moment(r, "from");
  if (!from) return from.error();
  const auto to = read_moment(r, "to");
  if (!to) return to.error();
  history_query out;
  out.to = to->value_or(now);
  out.from = from->value_or(out.to - usual_history);
  if (out.from > out.to) return bad_parameter("from", "must not be after to");
  const auto hours = std::chrono::ceil<std::chrono::hours>(out.to - out.from) + 1h;
  out.step = std::chrono::hours((hours.count() + most_history_points - 1) / most_history_points);
  return out;
}

}  // namespace agon::boards
