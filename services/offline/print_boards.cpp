#include "services/offline/print_boards.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "privacy/crypto/canonical_json.hpp"
#include "services/offline/text_table.hpp"

namespace agon::offline {
namespace {

using ratings::board;
using ratings::board_entry;

constexpr std::array<std::string_view, 4> format_texts{"table", "csv", "json", "md"};

std::string decimals(double v, int digits) {
  std::array<char, 400> buffer{};
  const int n = std::snprintf(buffer.data(), buffer.size(), "%.*f", digits, v);
  return {buffer.data(), static_cast<std::size_t>(n)};
}

std::string grouped(std::uint64_t n) {
  std::string out = std::to_string(n);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

std::string rank_text(const board_entry& e, std::size_t place) {
  if (!e.rank_upper || !e.rank_lower) return std::to_string(place);
  if (*e.rank_upper == *e.rank_lower) return std::to_string(*e.rank_upper);
  return std::to_string(*e.rank_upper) + "–" + std::to_string(*e.rank_lower);
}

std::string interval_text(const board_entry& e) {
  if (!e.score || !e.lower || !e.upper) return "";
  return "+" + decimals(*e.upper - *e.score, 1) + " −" + decimals(*e.score - *e.lower, 1);
}

std::size_t rated(const board& b) {
  return static_cast<std::size_t>(std::count_if(
      b.entries.begin(), b.entries.end(),
      [](const board_entry& e) { return e.status == ratings::rating_status::rated; }));
}

std::string plural(std::uint64_t n, std::string_view one) {
  return grouped(n) + ' ' + std::string(one) + (n == 1 ? "" : "s");
}

std::string heading(const named_board& b, board_format format) {
  const std::string name =
      format == board_format::md ? as_markdown(b.segment) : printable(b.segment);
  std::string out = name.empty() ? "" : name + ": ";
  out += b.content.method + ", " + plural(b.content.votes, "vote") + ", " +
         plural(b.content.entries.size(), "system");
  if (const std::size_t without = b.content.entries.size() - rated(b.content); without > 0)
    out += ", " + grouped(without) + " of them cannot be rated";
  return out;
}

text_table table_of(const board& b) {
  using enum text_table::align;
  const bool intervals = std::any_of(b.entries.begin(), b.entries.end(),
                                     [](const board_entry& e) { return e.lower && e.upper; });
  std::vector<text_table::column> columns{{"rank", left}, {"system", left}, {"score", right}};
  if (intervals) columns.push_back({"interval", right});
  for (const char* count : {"votes", "wins", "losses", "ties", "both bad"})
    columns.push_back({count, right});
  text_table out(columns);
  std::size_t place = 0;
  for (const board_entry& e : b.entries) {
    std::vector<std::string> cells{"–", e.system, std::string(ratings::to_text(e.status))};
    if (e.score) {
      cells[0] = rank_text(e, ++place);
      cells[2] = decimals(*e.score, 1);
    }
    if (intervals) cells.push_back(interval_text(e));
    for (const std::uint64_t n : {e.votes, e.wins, e.losses, e.ties, e.both_bad})
      cells.push_back(grouped(n));
    out.add(std::move(cells));
  }
  return out;
}

// What the method estimated beside the scores, a line each.
std::string parameters_of(const board& b, board_format format) {
  const bool markdown = format == board_format::md;
  std::string out;
  for (const ratings::model_parameter& p : b.parameters) {
    out += markdown ? "- " + as_markdown(p.name) : printable(p.name);
    out += ": " + decimals(p.value, 3);
    if (p.lower && p.upper)
      out += " (" + decimals(*p.lower, 3) + " to " + decimals(*p.upper, 3) + ")";
    out += '\n';
  }
  return out.empty() ? out : '\n' + out;
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv_score(const std::optional<double>& v) {
  return v ? decimals(*v, ratings::score_decimals) : "";
}

std::string csv_rank(const std::optional<std::uint32_t>& v) {
  return v ? std::to_string(*v) : "";
}

void add_csv(const named_board& b, bool segmented, std::string& out) {
  for (const board_entry& e : b.content.entries) {
    if (segmented) out += csv_cell(b.segment) + ',';
    out += csv_cell(e.system) + ',' + csv_score(e.score) + ',' + csv_score(e.lower) + ',' +
           csv_score(e.upper) + ',' + csv_rank(e.rank_upper) + ',' + csv_rank(e.rank_lower);
    for (const std::uint64_t n : {e.votes, e.wins, e.losses, e.ties, e.both_bad})
      out += ',' + std::to_string(n);
    out += ',' + std::string(ratings::to_text(e.status)) + '\n';
  }
}

std::string csv_of(std::span<const named_board> all, bool segmented) {
  std::string out = segmented ? "segment," : "";
  out += "system,score,lower,upper,rank_upper,rank_lower,votes,wins,losses,ties,both_bad,status\n";
  for (const named_board& b : all) add_csv(b, segmented, out);
  return out;
}

std::string json_of(std::span<const named_board> all, bool segmented) {
  if (!segmented) return ratings::to_json(all[0].content) + '\n';
  std::string segments = "[";
  for (const named_board& b : all.subspan(1)) {
    crypto::canonical_object object;
    object.json("board", ratings::to_json(b.content)).text("segment", b.segment);
    segments += (segments.size() > 1 ? "," : "") + std::move(object).finish();
  }
  crypto::canonical_object out;
  out.json("overall", ratings::to_json(all[0].content)).json("segments", segments + "]");
  return std::move(out).finish() + '\n';
}

}  // namespace

std::optional<board_format> board_format_from_text(std::string_view text) {
  for (std::size_t i = 0; i < format_texts.size(); ++i)
    if (format_texts[i] == text) return static_cast<board_format>(i);
  return std::nullopt;
}

std::string print_boards(std::span<const named_board> all, bool segmented, board_format format) {
  if (format == board_format::csv) return csv_of(all, segmented);
  if (format == board_format::json) return json_of(all, segmented);
  std::string out;
  for (const named_board& b : all) {
    if (!out.empty()) out += '\n';
    out += heading(b, format) + "\n\n";
    out +=
        format == board_format::md ? table_of(b.content).markdown() : table_of(b.content).aligned();
    out += parameters_of(b.content, format);
  }
  return out;
}

}  // namespace agon::offline
