#include "privacy/release/encode_row.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/utf8.hpp"

namespace agon::release {
namespace {

constexpr std::size_t longest_id = 256;
constexpr std::size_t longest_text = 1UL << 20;

release_error bad(const table_schema& table, std::string_view column_name, std::string message) {
  return {release_errc::bad_row, std::string(table.name), std::string(column_name),
          std::move(message)};
}

nlohmann::json to_json(const value& v) {
  return std::visit(
      [](const auto& x) -> nlohmann::json {
        if constexpr (std::is_same_v<std::decay_t<decltype(x)>, std::monostate>)
          return nullptr;
        else
          return x;
      },
      v);
}

}  // namespace

double rounded(double v, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(v * scale) / scale;
}

std::optional<std::string> name_refusal(std::string_view name) {
  // Only what is unmistakable: version numbers look like telephone numbers, and models are
  // named like people.
  using pii::kind;
  static const pii::options unmistakable{pii::kind_set::only(kind::email_address)
                                             .with(kind::credit_card)
                                             .with(kind::ip_address)
                                             .with(kind::iban_code)
                                             .with(kind::secret)
                                             .with(kind::crypto),
                                         .9};
  for (const pii::span& s : pii::find(name, unmistakable))
    return "a name holds something that looks like " + std::string(pii::name_of(s.what));
  return {};
}

std::string to_json_line(const table_schema& table, const std::vector<value>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line.append(i == 0 ? "{\"" : ",\"").append(table.columns[i].name).append("\":");
    line += crypto::canonical_json(to_json(cells[i]));
  }
  return line += '}';
}

// What a cell becomes before it is judged: ids are hashed, text is redacted, numbers
// are rounded.
result<value> row_encoder::release_cell(const table_schema& table, const column& c, value v) {
  if (auto* number = std::get_if<double>(&v); number != nullptr && c.type == column_type::number)
    *number = rounded(*number, c.decimals);
  auto* text = std::get_if<std::string>(&v);
  if (text == nullptr) return v;
  if (c.type == column_type::pseudonym) {
    if (text->empty() || text->size() > longest_id)
      return bad(table, c.name, "an id has 1 to " + std::to_string(longest_id) + " bytes");
    return value(key_.pseudonym(c.domain, *text));
  }
  if (c.type == column_type::text) {
    if (!crypto::is_valid_utf8(*text)) return bad(table, c.name, "the text is not valid UTF-8");
    if (text->size() > longest_text) return bad(table, c.name, "the text is longer than 1 MiB");
    pii::redaction clean = pii::redact(*text, placeholders_);
    for (std::size_t k = 0; k < pii::kinds; ++k) redacted_[k] += clean.found[k];
    return value(std::move(clean.text));
  }
  if (c.type == column_type::name) {
    if (c.name == "arena" && *text != arena_) return bad(table, c.name, "another arena's row");
    if (auto reason = name_refusal(*text)) return bad(table, c.name, *reason);
  }
  return v;
}

void row_encoder::turn_to_conversation(const table_schema& table, const std::vector<value>& cells) {
  const auto at = table.find("battle");
  const auto* id = at ? std::get_if<std::string>(&cells[*at]) : nullptr;
  if (id != nullptr && *id == conversation_) return;
  conversation_ = id != nullptr ? *id : std::string();
  placeholders_ = {};
  prompt_is_clean_ = false;
}

std::int64_t row_encoder::all_redacted() const {
  return std::accumulate(redacted_.begin(), redacted_.end(), std::int64_t{0});
}

result<encoded_row> row_encoder::encode(const table_schema& table, const row& r) {
  encoded_row out;
  out.cells.resize(table.columns.size());
  std::vector<bool> given(table.columns.size(), false);
  for (const auto& [name, v] : r.cells()) {
    const auto at = table.find(name);
    if (!at) return bad(table, name, "this column is not in the list of released columns");
    if (given[*at]) return bad(table, name, "the column is given twice");
    given[*at] = true;
    out.cells[*at] = v;
  }
  turn_to_conversation(table, out.cells);
  const std::int64_t redacted_before = all_redacted();
  for (std::size_t i = 0; i < out.cells.size(); ++i) {
    const column& c = table.columns[i];
    if (c.measures_content && !prompt_is_clean_) out.cells[i] = std::monostate();
    auto released = release_cell(table, c, std::move(out.cells[i]));
    if (!released) return released.error();
    if (auto reason = refusal(c, *released)) return bad(table, c.name, *reason);
    out.cells[i] = std::move(*released);
  }
  if (const auto prompt = table.find("prompt"))
    prompt_is_clean_ = !std::holds_alternative<std::monostate>(out.cells[*prompt]) &&
                       all_redacted() == redacted_before;
  out.line = to_json_line(table, out.cells);
  return out;
}

std::map<std::string, std::int64_t> row_encoder::redacted() const {
  std::map<std::string, std::int64_t> out;
  for (std::size_t k = 0; k < pii::kinds; ++k)
    if (redacted_[k] > 0) out[std::string(pii::name_of(static_cast<pii::kind>(k)))] = redacted_[k];
  return out;
}

}  // namespace agon::release
