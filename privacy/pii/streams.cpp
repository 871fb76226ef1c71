#include "privacy/pii/streams.hpp"

#include <charconv>
#include <functional>
#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>
#include <vector>

namespace agon::pii {
namespace {

constexpr std::size_t block_size = 4UL << 20U;
constexpr std::size_t longest_line = 1UL << 30U;

// Calls use(block) with blocks that end at a line's end, the last one perhaps not. A line
// longer than a block makes the block longer.
void for_each_block(std::istream& in, const std::function<void(std::string_view)>& use) {
  std::string held;
  std::vector<char> buffer(block_size);
  for (;;) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto got = static_cast<std::size_t>(in.gcount());
    held.append(buffer.data(), got);
    if (got == 0) break;
    const std::size_t last = held.rfind('\n');
    if (last == std::string::npos) {
      if (held.size() > longest_line) throw std::runtime_error("a line is longer than 1 GiB");
      continue;
    }
    use(std::string_view(held).substr(0, last + 1));
    held.erase(0, last + 1);
  }
  if (in.bad()) throw std::runtime_error("the input cannot be read");
  if (!held.empty()) use(held);
}

struct json_row {
  nlohmann::ordered_json id;
  std::string text;
};

json_row parse_row(const std::string& line, std::int64_t number) {
  const auto bad = [number](const char* why) {
    return std::runtime_error("line " + std::to_string(number) + " " + why);
  };
  auto v = nlohmann::ordered_json::parse(line, nullptr, false);
  if (v.is_discarded()) throw bad("is not JSON in UTF-8");
  if (!v.is_object() || !v.contains("text") || !v["text"].is_string())
    throw bad("has no member \"text\" that is a string");
  return {v.contains("id") ? std::move(v["id"]) : nlohmann::ordered_json(number),
          v["text"].get<std::string>()};
}

void for_each_row(std::istream& in, stream_totals& totals,
                  const std::function<void(const json_row&)>& use) {
  std::int64_t number = 0;
  for_each_block(in, [&](std::string_view block) {
    while (!block.empty()) {
      const std::size_t end = std::min(block.find('\n'), block.size());
      const std::string line(block.substr(0, end));
      block.remove_prefix(std::min(end + 1, block.size()));
      ++number;
      totals.bytes += static_cast<std::int64_t>(line.size()) + 1;
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      ++totals.rows;
      use(parse_row(line, number));
    }
  });
}

std::string printed_score(double score) {
  char text[16];
  const auto end = std::to_chars(text, text + sizeof text, score, std::chars_format::fixed, 2);
  return {text, end.ptr};
}

// One line: what would break the table is written as a space.
std::string on_one_line(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return out;
}

void write_highlighted(std::string_view block, const std::vector<span>& spans, std::ostream& out) {
  constexpr std::string_view colour = "\x1b[1;30;43m", label = "\x1b[2m", normal = "\x1b[0m";
  std::size_t written = 0;
  for (const span& s : spans) {
    out << block.substr(written, s.begin - written) << colour
        << block.substr(s.begin, s.end - s.begin) << normal << label << ' ' << name_of(s.what)
        << ' ' << printed_score(s.score) << normal;
    written = s.end;
  }
  out << block.substr(written);
}

std::size_t code_points_in(std::string_view s) {
  std::size_t n = 0;
  for (const char c : s) n += (static_cast<unsigned char>(c) & 0xc0U) != 0x80 ? 1 : 0;
  return n;
}

}  // namespace

stream_totals scan_stream(std::istream& in, std::ostream& out, stream_format format,
                          text_style style, const options& how) {
  stream_totals totals;
  if (format == stream_format::jsonl) {
    for_each_row(in, totals, [&](const json_row& row) {
      nlohmann::ordered_json spans = nlohmann::ordered_json::array();
      for (const span& s : find(row.text, how)) {
        ++totals.finds;
        spans.push_back({{"kind", name_of(s.what)},
                         {"start", s.first_code_point},
                         {"end", s.last_code_point},
                         {"score", s.score}});
      }
      out << nlohmann::ordered_json{{"id", row.id}, {"spans", std::move(spans)}}.dump() << '\n';
    });
    return totals;
  }
  std::size_t code_points = 0;
  for_each_block(in, [&](std::string_view block) {
    totals.bytes += static_cast<std::int64_t>(block.size());
    const std::vector<span> spans = find(block, how);
    totals.finds += static_cast<std::int64_t>(spans.size());
    if (style == text_style::highlighted) return write_highlighted(block, spans, out);
    for (const span& s : spans)
      out << code_points + s.first_code_point << '\t' << code_points + s.last_code_point << '\t'
          << name_of(s.what) << '\t' << printed_score(s.score) << '\t'
          << on_one_line(block.substr(s.begin, s.end - s.begin)) << '\n';
    code_points += code_points_in(block);
  });
  return totals;
}

stream_totals redact_stream(std::istream& in, std::ostream& out, stream_format format,
                            const options& how) {
  stream_totals totals;
  const auto count = [&](const redaction& r) {
    for (const std::int64_t n : r.found) totals.finds += n;
  };
  if (format == stream_format::jsonl) {
    for_each_row(in, totals, [&](const json_row& row) {
      conversation_state state;
      const redaction clean = redact(row.text, state, how);
      count(clean);
      out << nlohmann::ordered_json{{"id", row.id}, {"text", clean.text}}.dump() << '\n';
    });
    return totals;
  }
  conversation_state state;
  for_each_block(in, [&](std::string_view block) {
    totals.bytes += static_cast<std::int64_t>(block.size());
    const redaction clean = redact(block, state, how);
    count(clean);
    out << clean.text;
  });
  return totals;
}

}  // namespace agon::pii
