#include "privacy/release/encode_row.hpp"

#include <numeric>

#include "privacy/crypto/utf8.hpp"

namespace agon::release {
namespace {

constexpr std::size_t longest_id = 256;
constexpr std::size_t longest_text = 1UL << 20;

release_error bad(const table_schema& table, std::string_view column_name, std::string message) {
  return {release_errc::bad_row, std::string(table.name), std::string(column_name),
          std::move(message)};
}

}  // namespace

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

// What a cell becomes before it is judged: ids are hashed, numbers are rounded.
result<value> row_encoder::release_cell(const table_schema& table, const column& c, value v) const {
  if (auto* number = std::get_if<double>(&v); number != nullptr && c.type == column_type::number)
    *number = rounded(*number, c.decimals);
  auto* text = std::get_if<std::string>(&v);
  if (text == nullptr) return v;
  if (c.type == column_type::pseudonym) {
    if (text->empty() || text->size() > longest_id)
      return bad(table, c.name, "an id has 1 to " + std::to_string(longest_id) + " bytes");
    const bool constant = defect_ == injected_defect::constant_id;
    return value(key_.pseudonym(c.domain, constant ? std::string_view("somebody") : *text));
  }
  if (c.type == column_type::text) {
    if (!crypto::is_valid_utf8(*text)) return bad(table, c.name, "the text is not valid UTF-8");
    if (text->size() > longest_text) return bad(table, c.name, "the text is longer than 1 MiB");
  }
  if (c.type == column_type::name) {
    if (c.name == "arena" && *text != arena_) return bad(table, c.name, "another arena's row");
    if (auto reason = name_refusal(*text)) return bad(table, c.name, *reason);
  }
  return v;
}

result<prepared_row> row_encoder::prepare(const table_schema& table, const row& r) const {
  prepared_row out;
  out.table = &table;
  out.cells.resize(table.columns.size());
  std::vector<bool> given(table.columns.size(), false);
  for (const auto& [name, v] : r.cells()) {
    const auto at = table.find(name);
    if (!at) return bad(table, name, "this column is not in the list of released columns");
    if (given[*at]) return bad(table, name, "the column is given twice");
    given[*at] = true;
    out.cells[*at] = v;
  }
  for (std::size_t i = 0; i < out.cells.size(); ++i) {
    const column& c = table.columns[i];
    auto released = release_cell(table, c, std::move(out.cells[i]));
    if (!released) return released.error();
    if (auto reason = refusal(c, *released)) return bad(table, c.name, *reason);
    out.cells[i] = std::move(*released);
  }
  return out;
}

const std::string* battle_of(const prepared_row& r) {
  const auto at = r.table->find("battle");
  return at ? std::get_if<std::string>(&r.cells[*at]) : nullptr;
}

void row_finisher::turn_to_conversation(const prepared_row& r) {
  const std::string* id = battle_of(r);
  if (id != nullptr && *id == conversation_) return;
  conversation_ = id != nullptr ? *id : std::string();
  placeholders_ = {};
  prompt_is_clean_ = false;
}

std::int64_t row_finisher::all_redacted() const {
  return std::accumulate(redacted_.begin(), redacted_.end(), std::int64_t{0});
}

void row_finisher::finish(prepared_row& r) {
  turn_to_conversation(r);
  const table_schema& table = *r.table;
  const std::int64_t redacted_before = all_redacted();
  for (std::size_t i = 0; i < r.cells.size(); ++i) {
    const column& c = table.columns[i];
    if (c.measures_content && !prompt_is_clean_) r.cells[i] = std::monostate();
    auto* text = std::get_if<std::string>(&r.cells[i]);
    if (c.type != column_type::text || text == nullptr) continue;
    if (defect_ == injected_defect::unscanned_column) continue;
    pii::redaction clean = pii::redact(*text, placeholders_);
    for (std::size_t k = 0; k < pii::kinds; ++k) redacted_[k] += clean.found[k];
    *text = std::move(clean.text);
  }
  if (const auto prompt = table.find("prompt"))
    prompt_is_clean_ = !std::holds_alternative<std::monostate>(r.cells[*prompt]) &&
                       all_redacted() == redacted_before;
  r.line = to_json_line(table, r.cells);
  r.position = key_.position(table.name, r.line);
}

}  // namespace agon::release
