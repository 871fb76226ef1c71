// One row as the caller gives it → one line as it is released, in two steps: what a caller
// may hear at once, and what takes time. Internal to
// privacy/release.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/pii/redact.hpp"
#include "privacy/release/builder.hpp"
#include "privacy/release/row_json.hpp"

namespace agon::release {

struct prepared_row {
  const table_schema* table = nullptr;
  std::vector<value> cells;   // by place in the schema
  std::string line;           // canonical JSON; empty until finished
  crypto::digest position{};  // among the rows of its table, likewise
};

class row_encoder {
 public:
  // The arena and the key are the caller's and outlive the encoder.
  row_encoder(const std::string& arena, const partition_key& key, injected_defect defect)
      : arena_(arena), key_(key), defect_(defect) {}

  // What can be judged at once: bad_row if any cell is not what its column allows. Ids become
  // pseudonyms, numbers are rounded; texts stay as they came. Safe to call from any thread.
  [[nodiscard]] result<prepared_row> prepare(const table_schema& table, const row& r) const;

 private:
  [[nodiscard]] result<value> release_cell(const table_schema& table, const column& c,
                                           value v) const;

  const std::string& arena_;
  const partition_key& key_;
  injected_defect defect_;
};

// Redacts the texts of rows and writes their lines. Rows of one battle that come one after
// another share their placeholders. For one thread; several may work on several battles.
class row_finisher {
 public:
  row_finisher(const partition_key& key, injected_defect defect) : key_(key), defect_(defect) {}

  void finish(prepared_row& r);

  // Placeholders written so far, by kind.
  [[nodiscard]] const std::array<std::int64_t, pii::kinds>& redacted() const { return redacted_; }

 private:
  [[nodiscard]] std::int64_t all_redacted() const;
  void turn_to_conversation(const prepared_row& r);

  const partition_key& key_;
  injected_defect defect_;
  std::string conversation_;  // the battle whose placeholders are remembered
  pii::conversation_state placeholders_;
  bool prompt_is_clean_ = false;  // of this conversation: published, and nothing redacted
  std::array<std::int64_t, pii::kinds> redacted_{};
};

// The battle that a row belongs to, as released; nothing for tables without battles.
[[nodiscard]] const std::string* battle_of(const prepared_row& r);

// Nothing if a name may be released; else why not. Names come from arena files, so
// what looks like an address in them is a mistake that stops the release.
[[nodiscard]] std::optional<std::string> name_refusal(std::string_view name);

}  // namespace agon::release
