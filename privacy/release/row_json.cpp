#include "privacy/release/row_json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "privacy/crypto/canonical_json.hpp"

namespace agon::release {
namespace {

constexpr std::size_t row_depth = 2;

release_error bad_line(const table_schema& table, std::string_view column_name,
                       std::string message) {
  return {release_errc::check_failed, std::string(table.name), std::string(column_name),
          std::move(message)};
}

value value_of_json(const column& c, const nlohmann::json& j) {
  if (j.is_boolean()) return j.get<bool>();
  if (j.is_string()) return j.get<std::string>();
  if (j.is_number() && c.type == column_type::number) return j.get<double>();
  if (j.is_number_integer()) return j.get<std::int64_t>();
  if (j.is_number()) return j.get<double>();
  return {};
}

std::optional<std::string> cell_refusal(const column& c, const value& v) {
  if (auto reason = refusal(c, v)) return reason;
  const auto* number = std::get_if<double>(&v);
  if (number != nullptr && rounded(*number, c.decimals) != *number)
    return "the number has more decimals than are released";
  return {};
}

// Reads the one spelling that we write and gives up at anything else: what it takes for a
// row is one only if it is written the same again.
class line_scanner {
 public:
  explicit line_scanner(std::string_view line) : left_(line) {}

  bool skip(std::string_view expected) {
    if (!left_.starts_with(expected)) return false;
    left_.remove_prefix(expected.size());
    return true;
  }
  bool at_end() const { return left_.empty(); }
  bool cell(const column& c, value& out) {
    if (left_.empty()) return false;
    switch (left_.front()) {
      case 'n':
        out = std::monostate();
        return skip("null");
      case 't':
        out = true;
        return skip("true");
      case 'f':
        out = false;
        return skip("false");
      case '"':
        return text(out.emplace<std::string>());
      default:
        return c.type == column_type::integer ? number<std::int64_t>(out) : number<double>(out);
    }
  }

 private:
  template <class T>
  bool number(value& out) {
    T v{};
    const auto [end, error] = std::from_chars(left_.data(), left_.data() + left_.size(), v);
    if (error != std::errc()) return false;
    left_.remove_prefix(static_cast<std::size_t>(end - left_.data()));
    out = v;
    return true;
  }

  bool text(std::string& out) {
    for (std::size_t i = 1; i < left_.size(); ++i) {
      const char c = left_[i];
      if (c == '"') {
        left_.remove_prefix(i + 1);
        return true;
      }
      if (c != '\\') {
        out += c;
        continue;
      }
      static constexpr std::string_view letters = "\"\\bfnrt", meant = "\"\\\b\f\n\r\t";
      if (++i == left_.size()) return false;
      if (const auto at = letters.find(left_[i]); at != std::string_view::npos) {
        out += meant[at];
      } else if (left_.substr(i).starts_with("u00") && i + 4 < left_.size()) {
        unsigned code = 0;
        const auto [end, error] =
            std::from_chars(left_.data() + i + 3, left_.data() + i + 5, code, 16);
        if (error != std::errc() || end != left_.data() + i + 5 || code > 0x7f) return false;
        out += static_cast<char>(code);
        i += 4;
      } else {
        return false;
      }
    }
    return false;
  }

  std::string_view left_;
};

bool scan_row(const table_schema& table, std::string_view line, std::vector<value>& cells) {
  line_scanner scanner(line);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const column& c = table.columns[i];
    if (!scanner.skip(i == 0 ? "{\"" : ",\"") || !scanner.skip(c.name) || !scanner.skip("\":") ||
        !scanner.cell(c, cells[i]) || cell_refusal(c, cells[i]))
      return false;
  }
  return scanner.skip("}") && scanner.at_end() && to_json_line(table, cells) == line;
}

// The thorough way, which knows what to complain of.
result<std::vector<value>> read_row(const table_schema& table, std::string_view line,
                                    std::size_t longest) {
  const auto parsed = crypto::parse_json(line, {longest, row_depth});
  if (!parsed) return bad_line(table, "", parsed.error().reason);
  if (!parsed->is_object()) return bad_line(table, "", "not a JSON object");
  std::vector<value> cells;
  for (const column& c : table.columns) {
    const auto at = parsed->find(std::string(c.name));
    if (at == parsed->end()) return bad_line(table, c.name, "the column is missing");
    if (at->is_structured()) return bad_line(table, c.name, "a list or an object stands in a cell");
    value v = value_of_json(c, *at);
    if (auto reason = cell_refusal(c, v)) return bad_line(table, c.name, *reason);
    cells.push_back(std::move(v));
  }
  if (parsed->size() != table.columns.size())
    return bad_line(table, "", "a column that is not in the list of released columns");
  if (to_json_line(table, cells) != line) return bad_line(table, "", "not in canonical form");
  return cells;
}

}  // namespace

double rounded(double v, int decimals) {
  static constexpr std::array<double, 10> powers = {1e0, 1e1, 1e2, 1e3, 1e4,
                                                    1e5, 1e6, 1e7, 1e8, 1e9};
  const auto at = static_cast<std::size_t>(decimals);
  const double scale = at < powers.size() ? powers[at] : std::pow(10.0, decimals);
  return std::round(v * scale) / scale;
}

std::string to_json_line(const table_schema& table, const std::vector<value>& cells) {
  crypto::canonical_object line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view name = table.columns[i].name;
    const value& v = cells[i];
    if (const auto* text = std::get_if<std::string>(&v))
      line.text(name, *text);
    else if (const auto* number = std::get_if<double>(&v))
      line.number(name, *number);
    else if (const auto* integer = std::get_if<std::int64_t>(&v))
      line.json(name, std::to_string(*integer));
    else if (const auto* boolean = std::get_if<bool>(&v))
      line.json(name, *boolean ? "true" : "false");
    else
      line.json(name, "null");
  }
  return std::move(line).finish();
}

result<std::vector<value>> parse_row(const table_schema& table, std::string_view line,
                                     std::size_t longest) {
  std::vector<value> cells(table.columns.size());
  if (line.size() <= longest && scan_row(table, line, cells)) return cells;
  return read_row(table, line, longest);
}

}  // namespace agon::release
