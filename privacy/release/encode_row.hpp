// One row as the caller gives it → one line as it is released. Internal to
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

namespace agon::release {

struct encoded_row {
  std::vector<value> cells;  // as released, by place in the schema
  std::string line;          // canonical JSON
};

// Cells in canonical JSON, all columns present. The cells must be what the schema allows.
[[nodiscard]] std::string to_json_line(const table_schema& table, const std::vector<value>& cells);

class row_encoder {
 public:
  // The arena and the key are the caller's and outlive the encoder.
  row_encoder(const std::string& arena, const partition_key& key) : arena_(arena), key_(key) {}

  // bad_row if any cell is not what its column allows. Rows of one battle that come one
  // after another share their placeholders.
  [[nodiscard]] result<encoded_row> encode(const table_schema& table, const row& r);

  // Placeholders written so far, by kind.
  [[nodiscard]] std::map<std::string, std::int64_t> redacted() const;

 private:
  [[nodiscard]] result<value> release_cell(const table_schema& table, const column& c, value v);
  [[nodiscard]] std::int64_t all_redacted() const;
  void turn_to_conversation(const table_schema& table, const std::vector<value>& cells);

  const std::string& arena_;
  const partition_key& key_;
  std::string conversation_;  // the battle whose placeholders are remembered
  pii::conversation_state placeholders_;
  bool prompt_is_clean_ = false;  // of this conversation: published, and nothing redacted
  std::array<std::int64_t, pii::kinds> redacted_{};
};

// To so many digits after the point, halves away from zero.
[[nodiscard]] double rounded(double v, int decimals);

// Nothing if a name may be released; else why not. Names come from arena files, so
// what looks like an address in them is a mistake that stops the release.
[[nodiscard]] std::optional<std::string> name_refusal(std::string_view name);

}  // namespace agon::release
