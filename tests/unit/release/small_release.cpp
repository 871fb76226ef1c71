#include "tests/unit/release/small_release.hpp"

#include <unistd.h>
#include <zstd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "privacy/crypto/encoding.hpp"
#include "privacy/release/documents.hpp"
#include "privacy/release/parquet_rows.hpp"
#include "privacy/release/quasi_identifiers.hpp"
#include "privacy/release/row_json.hpp"
#include "privacy/release/tables.hpp"

namespace agon::release::test {

void counting_random::fill(std::span<unsigned char> bytes) {
  for (unsigned char& b : bytes) b = next_++;
}

temporary_folder::temporary_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "agon-release-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

release_options small_options(char key_byte) {
  return {.arena = "speech",
          .arena_title = "Speech arena",
          .partition = "2026-11",
          .created_day = "2026-12-04",
          .code_version = "0.1.0 (test)",
          .license = "cc-by-4.0",
          .policy = {},
          .key = partition_key::from_bytes(std::string(32, key_byte)),
          .systems = {"espeak-ng/en", "flite/slt", "flite/kal", "festival/us1", "festival/rab"},
          .counts = counts_plan{.days = {"2026-11-23", "2026-11-24"},
                                .languages = {"en", "de-AT"},
                                .systems = {"espeak-ng/en", "flite/slt", "flite/kal"},
                                .period = "2026"}};
}

row vote(const std::string& battle, const std::string& a, const std::string& b,
         const std::string& winner) {
  row r;
  r.set("battle", battle).set("arena", "speech").set("day", "2026-11-24");
  r.set("protocol_version", 1).set("system_a", a).set("system_b", b).set("winner", winner);
  r.set("sampling_probability", 1.0 / 6).set("seconds_heard_a", 3.14159);
  r.set("seconds_heard_b", 12.0).set("generation_seconds_a", 0.123456);
  const bool personal = battle.back() != '3';
  r.set("prompt", personal ? "Say: my number is +44 20 7946 0958, or " + battle + "@example.org"
                           : "The quick brown fox");
  r.set("language", "en");
  return r;
}

row output(const std::string& battle, const std::string& slot, const std::string& system) {
  row r;
  r.set("battle", battle).set("slot", slot).set("system", system).set("status", "shown");
  r.set("seconds", 4.5).set("loudness", -23.04).set("generation_seconds", 0.1);
  r.set("media", "media of " + battle + slot);
  return r;
}

row comment(const std::string& battle, const std::string& text) {
  row r;
  r.set("battle", battle).set("question", "why").set("target", "a").set("kind", "comment");
  r.set("comment_type", "critique").set("criterion", "naturalness").set("day", "2026-11-24");
  r.set("text", text);
  return r;
}

result<void> add_small_rows(release_builder& b) {
  const char* systems[] = {"espeak-ng/en", "flite/slt", "flite/kal", "festival/us1"};
  const char* winners[] = {"a", "b", "tie", "a", "both_bad", "b", "a"};
  int n = 0;
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j) {
        if (i == j) continue;
        const std::string id = "battle-" + std::to_string(n);
        const row rows[] = {vote(id, systems[i], systems[j], winners[n % 7]),
                            output(id, "a", systems[i]), output(id, "b", systems[j]),
                            comment(id, "Ask " + id + "@example.org or bob@example.org “why”")};
        const char* tables[] = {"votes", "outputs", "outputs", "feedback"};
        for (std::size_t t = 0; t < 4; ++t)
          if (auto added = b.add(tables[t], rows[t]); !added) return added;
        b.count({"person-" + std::to_string(n % 5), "2026-11-24", "en", systems[i], systems[j]});
        ++n;
      }
  return {};
}

result<release_summary> build_small(const std::filesystem::path& target, release_options options) {
  counting_random random;
  auto b = release_builder::start(target, std::move(options), random);
  if (!b) return b.error();
  if (auto added = add_small_rows(**b); !added) return added.error();
  return (*b)->finish();
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("no file " + path.string());
  std::stringstream all;
  all << file.rdbuf();
  return all.str();
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::string decompress(const std::string& zstd) {
  std::string out(16UL << 20, '\0');
  const std::size_t n = ZSTD_decompress(out.data(), out.size(), zstd.data(), zstd.size());
  if (ZSTD_isError(n) != 0) throw std::runtime_error(ZSTD_getErrorName(n));
  out.resize(n);
  return out;
}

std::string compress(const std::string& bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 6));
  return out;
}

std::string sha256_hex(const std::string& bytes) {
  return crypto::to_hex(crypto::bytes_of(crypto::sha256(bytes)));
}

namespace {

// The Parquet file of the lines, as far as they are rows of the table.
void write_parquet(const std::filesystem::path& path, const std::string& table,
                   const std::vector<std::string>& lines) {
  std::filesystem::remove(path);
  const table_schema& schema = *find_table(table);
  parquet_file file(schema, output_file::create(path).value());
  for (const std::string& line : lines)
    if (const auto cells = parse_row(schema, line)) file.add(*cells).value();
  file.close().value();
}

}  // namespace

void change_lines(const std::filesystem::path& release, const std::string& table,
                  const line_change& change) {
  const auto path = release / "data" / (table + "-00000.jsonl.zst");
  std::vector<std::string> lines;
  std::istringstream in(decompress(read_file(path)));
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  change(lines);
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  write_file(path, compress(out));
  write_parquet(release / "data" / (table + "-00000.parquet"), table, lines);
}

void change_manifest(const std::filesystem::path& release,
                     const std::function<void(manifest&)>& change) {
  manifest m = parse_manifest(read_file(release / "manifest.json")).value();
  change(m);
  write_file(release / "manifest.json", to_json(m));
}

namespace {

// As far as the lines are rows.
void count_again(manifest& m, const manifest_file& f, const std::string& raw) {
  const table_schema* table = find_table(f.table);
  if (table == nullptr) return;
  variable_counter counter(*table);
  anonymity::class_table classes;
  std::istringstream in(raw);
  for (std::string line; std::getline(in, line);) {
    const auto cells = parse_row(*table, line);
    if (!cells) continue;
    counter.add(*cells);
    if (f.table == "votes") count_class(*table, *cells, classes);
  }
  m.variables[f.table] = counter.counted();
  if (f.table == "votes") m.risk = risk_of(classes);
}

}  // namespace

void seal_again(const std::filesystem::path& release) {
  change_manifest(release, [&](manifest& m) {
    for (manifest_file& f : m.files) {
      const std::string bytes = read_file(release / f.path);
      f.sha256 = sha256_hex(bytes);
      f.bytes = static_cast<std::int64_t>(bytes.size());
      if (f.path.ends_with(".parquet")) {
        const auto opened = parquet::reader::open(parquet::in_memory(bytes));
        f.raw_bytes = f.bytes;
        f.rows = opened ? opened->rows() : 0;
        continue;
      }
      const std::string raw = decompress(bytes);
      count_again(m, f, raw);
      f.raw_bytes = static_cast<std::int64_t>(raw.size());
      f.rows = std::count(raw.begin(), raw.end(), '\n');
    }
    for (const document& d : documents(m)) write_file(release / d.path, d.text);
    preview_lines first;
    for (const table_schema& t : tables()) {
      auto& shown = first[std::string(t.name)];
      std::istringstream in(
          decompress(read_file(release / ("data/" + std::string(t.name) + "-00000.jsonl.zst"))));
      for (std::string line; shown.size() < previewed_rows && std::getline(in, line);)
        shown.push_back(line);
    }
    write_file(release / "preview.json", preview(first));
  });
  std::string sums;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(release))
    if (entry.is_regular_file() && entry.path().filename() != "SHA256SUMS" &&
        entry.path().extension() != ".minisig")
      sums += sums_line(sha256_hex(read_file(entry.path())),
                        entry.path().lexically_relative(release).string());
  write_file(release / "SHA256SUMS", sums);
}

}  // namespace agon::release::test
