#include "privacy/release/dataset_card.hpp"

#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/release/documents.hpp"
#include "privacy/release/tables.hpp"

namespace agon::release {
namespace {

// A JSON string is a YAML string.
std::string yaml_string(std::string_view s) {
  return crypto::canonical_json(std::string(s));
}

std::string_view feature_type(column_type t) {
  switch (t) {
    case column_type::integer:
      return "int64";
    case column_type::number:
      return "float64";
    case column_type::boolean:
      return "bool";
    case column_type::day:
      return "date32";
    default:
      return "string";
  }
}

std::string front_matter(const manifest& m) {
  std::string out = "---\nlicense: " + m.license +
                    "\npretty_name: " + yaml_string(m.arena_title + " " + m.partition) +
                    "\ntags:\n- preferences\n- arena\nconfigs:\n";
  for (const table_schema& t : tables()) {
    out.append("- config_name: ").append(t.name).append("\n");
    if (t.name == "votes") out += "  default: true\n";
    out.append("  data_files:\n  - split: train\n    path: data/").append(t.name);
    out += "-*.parquet\n";
  }
  out += "dataset_info:\n";
  for (const table_schema& t : tables()) {
    out.append("- config_name: ").append(t.name).append("\n  features:\n");
    for (const column& c : t.columns)
      out.append("  - name: ")
          .append(c.name)
          .append("\n    dtype: ")
          .append(feature_type(c.type))
          .append("\n");
    out.append("  splits:\n  - name: train\n    num_examples: ")
        .append(std::to_string(m.rows_of(t.name)))
        .append("\n");
  }
  return out + "---\n\n";
}

std::string type_words(const column& c) {
  std::string out(name_of(c.type));
  if (c.type == column_type::enumeration) {
    out.clear();
    for (const std::string_view v : c.values)
      out.append(out.empty() ? "" : ", ").append("`").append(v).append("`");
  }
  return c.nullable ? out + "; may be null" : out;
}

std::string columns(const manifest& m) {
  std::string out;
  for (const table_schema& t : tables()) {
    out.append("### ").append(t.name).append("\n\n").append(t.description).append(" ");
    out +=
        std::to_string(m.rows_of(t.name)) + " rows.\n\n| column | type | what |\n|---|---|---|\n";
    for (const column& c : t.columns)
      out.append("| ")
          .append(c.name)
          .append(" | ")
          .append(type_words(c))
          .append(" | ")
          .append(c.description)
          .append(" |\n");
    out += "\n";
  }
  return out;
}

constexpr std::string_view how_to_load = R"(## How to load

```python
from datasets import load_dataset
votes = load_dataset("path/to/this/folder", "votes", split="train")

import pandas as pd  # with the package pyarrow
votes = pd.read_parquet("data/votes-00000.parquet")
```

```sql
-- DuckDB
SELECT winner, count(*) FROM 'data/votes-*.parquet' GROUP BY 1;
```

The same rows stand in `data/votes-*.jsonl.zst`, one JSON object per line.

Join `votes`, `outputs` and `feedback` on `battle`.

## How to verify

`sha256sum -c SHA256SUMS` checks the bytes, and `minisign -Vm SHA256SUMS -P KEY` that they
are the arena's, whose KEY its data page tells. `agon verify --public-key KEY .` checks both,
every row against its schema, that Parquet and lines hold the same, every text against the
finders, and computes the Bradley-Terry board again from `votes`.

`codebook.md` counts the values of every column, `PRIVACY_REPORT.md` tells what could be learned
of a person, `CHANGELOG.md` what was taken away since the first publication; `croissant.json` and
`datapackage.json` are for programs.

)";

std::string language_words(const release_policy& p) {
  if (p.language == language_detail::none) return "The language of prompts is withheld.";
  const bool whole = p.language == language_detail::tag;
  return std::string("Languages are published ") +
         (whole ? "as they were given" : "without region or script") +
         "; one that stands in fewer\n  than " + std::to_string(p.k) +
         " votes is withheld (k-anonymity by language).";
}

std::string counts_words(const manifest_counts& c) {
  if (!c.published) return "`counts` has no rows. " + c.reason;
  return "`counts` holds all votes cast, with discrete Gaussian noise of standard deviation\n  " +
         crypto::canonical_json(c.deviation) + " on each number; nobody moves them by more than " +
         std::to_string(c.votes_per_person) + " votes (rho = " + rho_text(c.rho_billionths) +
         " of\n  zero-concentrated differential privacy, charged once, to the budget of " +
         c.period + ").";
}

std::string promises(const manifest& m) {
  std::string found;
  for (const auto& [kind, n] : m.redacted)
    found.append(found.empty() ? "" : ", ").append(kind).append(" ").append(std::to_string(n));
  return "## What is promised\n\n"
         "- Only the columns above; no participant, session, address or time of day.\n"
         "- Ids are keyed hashes, made for this partition; the key was destroyed when it was\n"
         "  sealed. The same battle or file has no common id with any other release.\n"
         "- Times are days. Rows are in an order shuffled under the same key.\n"
         "- " +
         language_words(m.policy) +
         "\n"
         "- Votes were at least " +
         std::to_string(m.policy.cool_off_hours) +
         " hours old, and from people who agreed to publication.\n"
         "- What the finders see of personal data and secrets in texts (addresses, numbers of\n"
         "  people and accounts, keys) is replaced by placeholders such as `<EMAIL_ADDRESS_1>`,\n"
         "  the same within a battle. Replaced here: " +
         (found.empty() ? "nothing" : found) +
         ".\n"
         "- " +
         counts_words(m.counts) +
         "\n\n"
         "## What is not promised\n\n"
         "- Names of people and street addresses are found by a statistical tagger that misses\n"
         "  some; towns, firms, dates and web addresses stay; stories that identify somebody are\n"
         "  **not** searched for. Do not try to identify anyone.\n"
         "- No differential privacy of rows and boards, no human review of texts. Days and "
         "systems\n"
         "  are not made coarser.\n"
         "- Without the arena's public key from elsewhere, checksums show accidents, not forgery.\n"
         "- Boards other than Bradley-Terry (Elo) rest on the order of votes, which is withheld,\n"
         "  and cannot be recomputed from these files.\n"
         "- Media files are not included.\n";
}

}  // namespace

std::string dataset_card(const manifest& m) {
  return front_matter(m) + "# " + m.arena_title + ", " + m.partition + "\n\n" +
         "Votes of people who compared two hidden systems in the arena `" + m.arena +
         "`, published on " + m.created_day + " by Agon " + m.code_version + ".\n\n" +
         "## What is in it\n\n" + columns(m) + std::string(how_to_load) + promises(m);
}

}  // namespace agon::release
