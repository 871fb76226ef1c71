#include <algorithm>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/release/documents.hpp"
#include "privacy/release/tables.hpp"

#include <nlohmann/json.hpp>

namespace agon::release {
namespace {

std::string plain_number(double v) {
  return crypto::canonical_json(v);
}

std::string values_of(const variable& v) {
  if (v.many) return "more than 200 different values";
  std::string out;
  for (const auto& [text, count] : v.values)
    out.append(out.empty() ? "`" : ", `").append(text).append("` ").append(std::to_string(count));
  if (v.least) out += plain_number(*v.least) + " to " + plain_number(*v.greatest);
  if (!v.first.empty()) out += v.first + " to " + v.last;
  return out;
}

// Enumerations list every value they may hold, those without a row too.
std::string stated_values(const column& c, variable v) {
  if (c.type == column_type::enumeration)
    for (const std::string_view value : c.values) v.values.try_emplace(std::string(value), 0);
  if (c.type == column_type::text) return "free text, redacted";
  if (c.type == column_type::pseudonym) return "keyed hash, 32 hexadecimal digits";
  const std::string out = values_of(v);
  return out.empty() ? "none" : out;
}

}  // namespace

std::string codebook(const manifest& m) {
  std::string out = "# Codebook of " + m.arena + " " + m.partition +
                    "\n\nEvery variable, how often it is missing, and what it holds: values with "
                    "the number of their rows, or the range.\n";
  for (const table_schema& t : tables()) {
    out.append("\n## ").append(t.name).append("\n\n").append(t.description);
    out += " " + std::to_string(m.rows_of(t.name)) +
           " rows.\n\n| variable | type | meaning | missing | values |\n|---|---|---|---|---|\n";
    const auto counted = m.variables.find(std::string(t.name));
    for (const column& c : t.columns) {
      variable v;
      if (counted != m.variables.end())
        if (const auto at = counted->second.find(std::string(c.name)); at != counted->second.end())
          v = at->second;
      out.append("| ").append(c.name).append(" | ").append(name_of(c.type));
      out.append(" | ").append(c.description).append(" | ").append(std::to_string(v.nulls));
      out.append(" | ").append(stated_values(c, v)).append(" |\n");
    }
  }
  return out;
}

}  // namespace agon::release
