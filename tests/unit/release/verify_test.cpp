// Releases that somebody has changed: each change is caught, by the check that should.
#include "privacy/release/verify.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <sstream>

#include "privacy/release/parquet_rows.hpp"
#include "privacy/release/row_json.hpp"
#include "privacy/release/tables.hpp"
#include "tests/unit/release/small_release.hpp"

namespace agon::release {
namespace {

namespace fs = std::filesystem;

class verifying : public testing::Test {
 protected:
  void SetUp() override {
    const auto built = test::build_small(release_);
    ASSERT_TRUE(built) << built.error().describe();
  }

  // The sentence of the check if it failed; fails the test if it passed.
  std::string failure_of(const std::string& name, const verify_limits& limits = {}) {
    const verify_report report = verify(release_, limits);
    EXPECT_FALSE(report.ok());
    const check* c = report.find(name);
    if (c == nullptr || c->passed) {
      ADD_FAILURE() << name << " did not fail";
      return "";
    }
    return c->sentence;
  }
  bool passes(const std::string& name) { return verify(release_).find(name)->passed; }
  fs::path votes() const { return release_ / "data/votes-00000.jsonl.zst"; }

  test::temporary_folder folder_;
  fs::path release_ = folder_.path() / "2026-11";
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

TEST_F(verifying, untouched_release_passes_every_check) {
  const verify_report report = verify(release_);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.checks.size(), 14U);
  EXPECT_EQ(report.arena, "speech");
  EXPECT_EQ(report.partition, "2026-11");
  EXPECT_EQ(report.votes, 24);
}

TEST_F(verifying, flipped_byte_is_caught_by_the_checksums) {
  std::string bytes = test::read_file(votes());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  test::write_file(votes(), bytes);
  EXPECT_TRUE(has(failure_of("checksums"), "data/votes-00000.jsonl.zst has other bytes"));
  EXPECT_TRUE(has(failure_of("manifest"), "other bytes"));
}

TEST_F(verifying, dropped_row_is_caught_even_when_every_hash_is_made_right_again) {
  test::change_lines(release_, "votes", [](auto& lines) { lines.pop_back(); });
  EXPECT_TRUE(has(failure_of("checksums"), "other bytes"));
  test::seal_again(release_);
  EXPECT_TRUE(passes("checksums") && passes("manifest") && passes("rows"));
  EXPECT_TRUE(has(failure_of("board"), "votes are not those"));
  EXPECT_TRUE(has(failure_of("references"), "not in votes"));
}

TEST_F(verifying, swapped_winner_is_caught_even_when_every_hash_is_made_right_again) {
  test::change_lines(release_, "votes", [](auto& lines) {
    const auto at = std::find_if(lines.begin(), lines.end(),
                                 [](const std::string& l) { return has(l, "\"winner\":\"a\""); });
    replace(*at, "\"winner\":\"a\"", "\"winner\":\"b\"");
  });
  test::seal_again(release_);
  EXPECT_TRUE(has(failure_of("board"), "votes are not those"));
}

TEST_F(verifying, changed_board_score_is_caught_even_when_every_hash_is_made_right_again) {
  test::change_lines(release_, "boards", [](auto& lines) {
    const auto at = std::find_if(lines.begin(), lines.end(), [](const std::string& l) {
      return has(l, "\"system\":\"flite/slt\"");
    });
    replace(*at, "\"score\":", "\"score\":1");
  });
  test::seal_again(release_);
  EXPECT_EQ(failure_of("board"), "the board does not follow from the votes: score of flite/slt");
}

TEST_F(verifying, system_missing_from_the_board_is_caught) {
  test::change_lines(release_, "boards", [](auto& lines) { lines.pop_back(); });
  test::seal_again(release_);
  EXPECT_TRUE(has(failure_of("board"), "has 4 systems, the votes give 5"));
}

TEST_F(verifying, personal_data_put_into_a_text_is_found) {
  test::change_lines(release_, "feedback", [](auto& lines) {
    replace(lines[3], "<EMAIL_ADDRESS_1>", "jane@example.org");
  });
  test::seal_again(release_);
  const std::string sentence = failure_of("text");
  EXPECT_TRUE(has(sentence, "data/feedback-00000.jsonl.zst, row 4, column text: EMAIL_ADDRESS"));
  EXPECT_FALSE(has(sentence, "jane"));
}

TEST_F(verifying, rows_that_no_schema_allows_are_named) {
  const struct {
    const char* from;
    const char* to;
    const char* said;
  } cases[] = {
      {"\"winner\":\"a\"", "\"winner\":\"A\"", "not one of the values"},
      {"\"day\":\"2026-11-24\"", "\"day\":\"2026-11-31\"", "not a day"},
      {",\"winner\":\"a\"", "", "the column is missing"},
      {"\"winner\":\"a\"", "\"winner\":\"a\",\"x\":1", "not in the list"},
      {"\"winner\":\"a\"", "\"winner\":\"a\",\"winner\":\"a\"", "stands twice"},
      {"\"winner\":\"a\"", "\"winner\":[\"a\"]", "a list or an object"},
      {"\"seconds_heard_a\":3.1", "\"seconds_heard_a\":3.14159", "more decimals"},
      {"\"seconds_heard_a\":3.1", "\"seconds_heard_a\":\"3.1\"", "not a number"},
      {"\"protocol_version\":1", "\"protocol_version\":1.5", "not an integer"},
      {"{\"arena\"", "{ \"arena\"", "not in canonical form"},
      {"{\"arena\":\"speech\"", "{\"arena\":\"music\"", "another arena"},
      {"{\"arena\"", "[{\"arena\"", "not valid JSON"},
  };
  const std::string original = test::read_file(votes());
  for (const auto& c : cases) {
    test::write_file(votes(), original);
    test::change_lines(release_, "votes", [&](auto& lines) {
      for (std::string& l : lines)
        if (has(l, "\"winner\":\"a\"")) return replace(l, c.from, c.to);
    });
    test::seal_again(release_);
    const std::string sentence = failure_of("rows");
    EXPECT_TRUE(has(sentence, c.said)) << sentence;
    EXPECT_TRUE(has(sentence, "data/votes-00000.jsonl.zst, row ")) << sentence;
  }
}

TEST_F(verifying, changed_card_is_caught) {
  test::write_file(release_ / "README.md", test::read_file(release_ / "README.md") + "\nTrust me.");
  EXPECT_TRUE(has(failure_of("checksums"), "README.md"));
  EXPECT_TRUE(has(failure_of("documents"), "README.md is not the one"));
}

TEST_F(verifying, changed_manifest_is_caught) {
  const fs::path path = release_ / "manifest.json";
  const std::string original = test::read_file(path);
  const struct {
    const char* from;
    const char* to;
    const char* said;
  } cases[] = {
      {"{\"arena\"", "{ \"arena\"", "byte by byte"},
      {"\"cool_off_hours\":72", "\"cool_off_hours\":1", "byte by byte"},  // its hash is another
      {"\"format\":2", "\"format\":3", "does not know"},
      {"\"sealed\":true", "\"sealed\":false", "not sealed"},
      {"\"sealed\":true", "\"sealed\":1", "another type"},
      {"\"license\"", "\"licence\"", "lacks a field"},
      {"data/votes-00000.jsonl.zst", "data/../../etc/passwd", "not there"},
      {"\"table\":\"votes\"", "\"table\":\"outputs\"", "another table"},
  };
  for (const auto& c : cases) {
    std::string text = original;
    replace(text, c.from, c.to);
    test::write_file(path, text);
    const std::string sentence = failure_of("manifest");
    EXPECT_TRUE(has(sentence, c.said)) << c.from << ": " << sentence;
    EXPECT_TRUE(has(failure_of("checksums"), "manifest.json"));
    EXPECT_TRUE(has(failure_of("rows"), "could not be checked"));
  }
}

TEST_F(verifying, hostile_sums_are_refused) {
  const fs::path path = release_ / "SHA256SUMS";
  const std::string original = test::read_file(path);
  const std::string zeros(64, '0');
  const struct {
    std::string text;
    const char* said;
  } cases[] = {
      {"", "does not name"},
      {original + zeros + "  ../../etc/passwd\n", "names no file"},
      {original + zeros + "  SHA256SUMS\n", "names no file"},
      {original + original, "twice"},
      {original + "\n", "names no file"},
      {std::string(5000, 'x'), "names no file"},
  };
  for (const auto& c : cases) {
    test::write_file(path, c.text);
    EXPECT_TRUE(has(failure_of("checksums"), c.said)) << failure_of("checksums");
  }
}

// ---- hostile directories ----

TEST_F(verifying, files_that_do_not_belong_are_refused) {
  const fs::path extra[] = {release_ / "extra.txt", release_ / "data/votes-0.jsonl.zst",
                            release_ / "data/participants-00000.jsonl.zst",
                            release_ / "data/.hidden", release_ / "bad\x1b[31m\nname"};
  for (const fs::path& path : extra) {
    test::write_file(path, "x");
    const std::string sentence = failure_of("layout");
    EXPECT_TRUE(has(sentence, "does not belong")) << sentence;
    EXPECT_FALSE(has(sentence, "\x1b") || has(sentence, "\n"));
    fs::remove(path);
  }
  test::write_file(release_ / "data/votes-00001.jsonl.zst", "x");
  EXPECT_TRUE(has(failure_of("checksums"), "does not name data/votes-00001"));
  EXPECT_TRUE(has(failure_of("manifest"), "does not list data/votes-00001"));
}

TEST_F(verifying, links_pipes_and_folders_are_refused) {
  fs::rename(votes(), folder_.path() / "elsewhere");
  fs::create_symlink(folder_.path() / "elsewhere", votes());
  EXPECT_TRUE(has(failure_of("layout"), "symbolic link"));
  fs::remove(votes());
  ASSERT_EQ(::mkfifo(votes().c_str(), 0600), 0);
  EXPECT_TRUE(has(failure_of("layout"), "not a regular file"));
  fs::remove(votes());
  fs::create_directory(votes());
  EXPECT_TRUE(has(failure_of("layout"), "not a regular file"));
  fs::remove(votes());
  fs::rename(folder_.path() / "elsewhere", votes());
  fs::rename(release_ / "data", folder_.path() / "data");
  fs::create_directory_symlink(folder_.path() / "data", release_ / "data");
  EXPECT_TRUE(has(failure_of("layout"), "no folder \"data\""));
}

TEST_F(verifying, directory_that_is_not_there_or_empty_is_refused) {
  fs::remove(release_ / "SHA256SUMS");
  EXPECT_TRUE(has(failure_of("layout"), "no file SHA256SUMS"));
  fs::remove_all(release_);
  EXPECT_TRUE(has(failure_of("layout"), "No such file"));
  EXPECT_EQ(verify(release_).checks.size(), 14U);
}

// Puts other bytes in the place of the votes and makes every hash right; the manifest
// states a length that the bytes may have.
void plant(const fs::path& release, const std::string& bytes, std::int64_t raw_bytes,
           std::int64_t rows) {
  test::write_file(release / "data/votes-00000.jsonl.zst", bytes);
  test::change_manifest(release, [&](manifest& m) {
    for (manifest_file& f : m.files)
      if (f.path == "data/votes-00000.jsonl.zst") {
        f.sha256 = test::sha256_hex(bytes);
        f.bytes = static_cast<std::int64_t>(bytes.size());
        f.raw_bytes = raw_bytes;
        f.rows = rows;
      }
  });
}

TEST_F(verifying, truncated_and_foreign_streams_are_refused) {
  const std::string good = test::read_file(votes());
  plant(release_, good.substr(0, good.size() - 9), 1 << 20, 24);
  EXPECT_TRUE(has(failure_of("rows"), "cut off"));
  plant(release_, "", 1 << 20, 24);
  EXPECT_TRUE(has(failure_of("rows"), "cut off"));
  plant(release_, "\x1f\x8b not zstd at all", 1 << 20, 24);
  EXPECT_TRUE(has(failure_of("rows"), "not a valid zstd stream"));
  plant(release_, good + good, 1 << 20, 48);
  EXPECT_TRUE(has(failure_of("rows"), "bytes follow the end"));
}

TEST_F(verifying, compressed_bomb_is_refused_without_being_unpacked) {
  plant(release_, test::compress(std::string(64UL << 20, 'x')), 64 << 20, 1);
  EXPECT_TRUE(has(failure_of("rows"), "a line is longer than"));
  plant(release_, test::compress(std::string(64UL << 20, '\n')), 64 << 20, 64 << 20);
  EXPECT_TRUE(has(failure_of("rows"), "row 1: not valid JSON"));
  plant(release_, test::compress(std::string(8UL << 20, 'x')), 1000, 1);
  EXPECT_TRUE(has(failure_of("rows"), "more bytes than stated"));
}

using row_change = std::function<void(std::vector<std::vector<value>>&)>;

// Writes the Parquet file of a table anew from its rows, changed, and makes every hash
// right again.
void change_parquet(const fs::path& release, const std::string& table, const row_change& change) {
  const table_schema& schema = *find_table(table);
  std::vector<std::vector<value>> rows;
  std::istringstream lines(
      test::decompress(test::read_file(release / "data" / (table + "-00000.jsonl.zst"))));
  for (std::string line; std::getline(lines, line);)
    rows.push_back(parse_row(schema, line).value());
  change(rows);
  fs::remove(release / "data" / (table + "-00000.parquet"));
  parquet_file file(schema,
                    output_file::create(release / "data" / (table + "-00000.parquet")).value());
  for (const auto& cells : rows) file.add(cells).value();
  file.close().value();
  test::seal_again(release);
}

// The control of the ablation: one cell with k < 5.
TEST_F(verifying, language_of_a_single_vote_is_caught) {
  test::change_lines(release_, "votes", [](auto& lines) {
    replace(lines[7], "\"language\":\"en\"", "\"language\":\"is\"");
  });
  test::seal_again(release_);
  EXPECT_EQ(failure_of("anonymity"), "a language, or its absence, stands in fewer than 5 votes");
}

TEST_F(verifying, language_finer_than_the_policy_is_caught) {
  test::change_lines(release_, "votes", [](auto& lines) {
    for (std::string& l : lines) replace(l, "\"language\":\"en\"", "\"language\":\"en-GB\"");
  });
  test::seal_again(release_);
  EXPECT_EQ(failure_of("anonymity"), "a language is finer than the policy allows");
}

TEST_F(verifying, parquet_that_differs_from_its_lines_is_caught) {
  const std::size_t winner = find_table("votes")->place_of("winner");
  change_parquet(release_, "votes", [&](auto& rows) { rows[4][winner] = value("both_bad"); });
  EXPECT_EQ(failure_of("parquet"),
            "data/votes-00000.parquet, row 5: another winner than the line's");
  EXPECT_TRUE(passes("checksums") && passes("manifest") && passes("rows") && passes("board"));
  change_parquet(release_, "votes", [&](auto& rows) { rows.pop_back(); });
  EXPECT_EQ(failure_of("parquet"), "data/votes-00000.parquet, row 24: fewer rows than the lines");
  change_parquet(release_, "votes", [&](auto& rows) { rows.push_back(rows[0]); });
  EXPECT_EQ(failure_of("parquet"), "data/votes-00000.parquet: more rows than the lines");
  change_parquet(release_, "votes", [&](auto& rows) {
    rows[2][find_table("votes")->place_of("prompt")] = std::monostate();
  });
  EXPECT_TRUE(has(failure_of("parquet"), "row 3: another prompt than the line's"));
}

TEST_F(verifying, parquet_that_is_none_or_missing_is_caught) {
  test::write_file(release_ / "data/boards-00000.parquet", "PAR1");
  test::seal_again(release_);
  EXPECT_EQ(failure_of("parquet"), "data/boards-00000.parquet: too short for a Parquet file");
  fs::copy_file(release_ / "data/votes-00000.parquet", release_ / "data/boards-00000.parquet",
                fs::copy_options::overwrite_existing);
  test::seal_again(release_);
  EXPECT_EQ(failure_of("parquet"), "data/boards-00000.parquet: other columns than the table's");
  fs::remove(release_ / "data/boards-00000.parquet");
  test::change_manifest(release_, [](manifest& m) {
    std::erase_if(m.files, [](const auto& f) { return f.path == "data/boards-00000.parquet"; });
  });
  test::seal_again(release_);
  EXPECT_TRUE(has(failure_of("manifest"), "there is no data/boards-00000.parquet beside"));
}

TEST_F(verifying, limits_hold) {
  verify_limits few;
  few.files = 3;
  EXPECT_TRUE(has(failure_of("layout", few), "more files than the limit"));
  verify_limits small;
  small.file_bytes = 10;
  EXPECT_TRUE(has(failure_of("layout", small), "larger than the limit"));
  verify_limits narrow;
  narrow.line_bytes = 20;
  EXPECT_TRUE(has(failure_of("rows", narrow), "longer than 20 bytes"));
}

}  // namespace
}  // namespace agon::release
