#include "services/imports/import_votes.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "services/arena/arena.hpp"

namespace agon::imports {
namespace {

namespace fs = std::filesystem;

class fixed_clock final : public clock_source {
 public:
  [[nodiscard]] time_point now() const override {
    return parse_rfc3339("2026-01-02T03:04:05Z").value();
  }
};

// Keeps battles in memory, as the database keeps them.
class memory_store final : public import_store {
 public:
  found_import find(const std::string& slug, const std::string& source) override {
    found_import out;
    if (slug == "speech") out.use = arena_use::live;
    if (!arenas.contains(slug)) return out;
    out.use = arena_use::imported;
    out.licence = licence;
    out.slugs = arenas[slug];
    if (sources.contains(slug + source)) out.source = known(slug);
    return out;
  }
  known_import begin(const arena::arena& a, const import_terms& terms) override {
    for (const auto& s : a.systems) arenas[a.slug][s.card.name] = s.slug;
    sources.insert(a.slug + terms.source);
    licence = terms.licence;
    return known(a.slug);
  }
  std::vector<bool> look(std::span<const battle_id> asked) override {
    std::vector<bool> out;
    for (const battle_id& b : asked)
      out.push_back(!battles.contains(to_string(b)) && seen.insert(to_string(b)).second);
    return out;
  }
  std::vector<bool> write(const known_import&, const import_terms& t,
                          std::span<const imported_battle> rows) override {
    if (fail_after && writes++ == *fail_after) throw std::runtime_error("gone");
    std::vector<bool> out;
    for (const imported_battle& b : rows) out.push_back(battles.emplace(to_string(b.id), b).second);
    purposes = t.purposes;
    return out;
  }
  known_import known(const std::string& slug) {
    known_import out;
    out.arena = 1;
    out.arena_version = out.protocol_version = 1;
    out.salt = std::string(32, 's');
    out.began_at = parse_rfc3339("2026-01-01T00:00:00Z").value();
    int id = 0;
    for (const auto& [name, s] : arenas[slug]) out.systems[s] = ++id;
    return out;
  }

  std::map<std::string, std::map<std::string, std::string>> arenas;
  std::set<std::string> sources, seen;
  std::string licence;
  std::map<std::string, imported_battle> battles;
  std::vector<std::string> purposes;
  std::optional<int> fail_after;
  int writes = 0;
};

class import_votes_test : public testing::Test {
 protected:
  import_votes_test() { fs::create_directories(folder); }
  ~import_votes_test() override { fs::remove_all(folder); }

  import_settings settings(const std::string& name, const std::string& text,
                           source_format f = source_format::pairs) {
    std::ofstream(folder / name, std::ios::binary) << text;
    import_settings s;
    s.files = {(folder / name).string()};
    s.format = f;
    return s;
  }
  result<import_report> run(import_settings s) {
    import_votes use(store, clock);
    use.on_row = [this](const row_report& r) {
      rows.push_back(std::to_string(r.line) + " " + std::string(name_of(r.status)) +
                     (r.reason.empty() ? "" : ": " + r.reason));
    };
    return use.run(std::move(s));
  }

  const fs::path folder =
      fs::temp_directory_path() / ("agon-import-test-" + std::to_string(::getpid()));
  memory_store store;
  fixed_clock clock;
  std::vector<std::string> rows;
};

const std::string table =
    "left,right,winner,worker,timestamp\n"
    "x,y,left,w1,2025-03-01\nx,y,right,w1,2025-03-02\nx,z,,w2,\ny,z,maybe,w2,\ny,z,tie,,2031-01-"
    "01\ny,z,tie,,\n";

TEST_F(import_votes_test, every_row_is_counted_and_a_second_time_known) {
  const auto first = run(settings("votes.csv", table));
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->arena, "imported-pairs-votes-csv");
  EXPECT_EQ(std::tuple(first->rows, first->imported, first->known, first->unjudged, first->refused),
            std::tuple(6U, 3U, 0U, 1U, 2U));
  std::sort(rows.begin(), rows.end());
  EXPECT_EQ(rows, (std::vector<std::string>{"2 imported", "3 imported", "4 unjudged",
                                            "5 refused: its outcome is \"maybe\"",
                                            "6 refused: is dated in the future", "7 imported"}));
  const auto second = run(settings("votes.csv", table));
  ASSERT_TRUE(second);
  EXPECT_EQ(std::tuple(second->imported, second->known, second->refused), std::tuple(0U, 3U, 2U));
  EXPECT_EQ(store.battles.size(), 3U);
}

TEST_F(import_votes_test, a_dry_run_says_the_same_and_writes_nothing) {
  auto s = settings("votes.csv", table);
  s.dry_run = true;
  const auto dry = run(s);
  ASSERT_TRUE(dry) << dry.error().detail;
  EXPECT_EQ(std::tuple(dry->imported, dry->known, dry->refused), std::tuple(3U, 0U, 2U));
  EXPECT_TRUE(store.arenas.empty());
  EXPECT_TRUE(store.battles.empty());
}

TEST_F(import_votes_test, ids_fall_into_the_month_of_the_vote_and_people_are_pseudonymous) {
  ASSERT_TRUE(run(settings("votes.csv", table)));
  std::set<std::string> people, months;
  for (const auto& [id, b] : store.battles) {
    EXPECT_EQ(id[14], '7');
    months.insert(to_rfc3339(time_of(b.id.value)).substr(0, 7));
    people.insert(to_string(b.participant));
    EXPECT_EQ(b.judgments.front().body.find("w1"), std::string::npos);
  }
  EXPECT_EQ(months, (std::set<std::string>{"2025-03", "2026-01"}));
  EXPECT_EQ(people.size(), 2U) << "w1 votes twice; nobody is somebody of his own";
}

TEST_F(import_votes_test, after_a_crash_the_rest_is_imported) {
  std::string many = "left,right,winner\n";
  for (int i = 0; i < 1000; ++i) many += i % 2 ? "x,y,left\n" : "y,x,right\n";
  store.fail_after = 1;
  EXPECT_THROW(static_cast<void>(run(settings("many.csv", many))), std::runtime_error);
  EXPECT_EQ(store.battles.size(), 400U);
  store.fail_after.reset();
  const auto rest = run(settings("many.csv", many));
  ASSERT_TRUE(rest);
  EXPECT_EQ(std::tuple(rest->imported, rest->known), std::tuple(600U, 400U));
}

TEST_F(import_votes_test, the_same_row_twice_is_one_vote_where_it_has_a_key) {
  const std::string row =
      R"({"question_id":"q","model_a":"x","model_b":"y","winner":"model_a","judge":"j","turn":1,"tstamp":1700000000})";
  const auto r = run(settings("a.jsonl", row + "\n" + row + "\n", source_format::lmsys));
  ASSERT_TRUE(r);
  EXPECT_EQ(std::tuple(r->imported, r->known), std::tuple(1U, 1U));
}

TEST_F(import_votes_test, arenas_where_people_vote_are_left_alone) {
  auto s = settings("votes.csv", table);
  s.arena = "speech";
  EXPECT_EQ(run(s).error().code, errc::conflict);
}

TEST_F(import_votes_test, nothing_is_published_without_a_licence_that_says_so) {
  ASSERT_TRUE(run(settings("votes.csv", table)));
  EXPECT_EQ(store.purposes, (std::vector<std::string>{"be_counted", "take_part"}));
  auto s = settings("votes.csv", table);
  s.publish_text = true;
  EXPECT_EQ(run(s).error().code, errc::invalid_input);
  s.licence = "CC-BY-4.0";
  EXPECT_EQ(run(s).error().code, errc::conflict) << "the arena's votes are under none";
  s.arena = "free-votes";
  ASSERT_TRUE(run(s));
  EXPECT_EQ(store.purposes,
            (std::vector<std::string>{"be_counted", "publish_text", "publish_votes", "take_part"}));
}

TEST_F(import_votes_test, files_without_votes_are_refused) {
  EXPECT_EQ(run(settings("empty.jsonl", "", source_format::lmsys)).error().code,
            errc::invalid_input);
  EXPECT_EQ(run(settings("binary.csv", std::string("\0\1\2\xFF\n", 5))).error().code,
            errc::not_found);
  import_settings s;
  s.files = {(folder / "nowhere.csv").string()};
  EXPECT_EQ(run(s).error().code, errc::not_found);
}

TEST_F(import_votes_test, the_arena_file_is_a_valid_one_of_which_nothing_can_be_drawn) {
  std::map<std::string, std::string> slugs;
  add_slugs({"Alpaca (7B)", "alpaca-7b", "日本", "GPT 4", "-"}, slugs);
  EXPECT_EQ(slugs["Alpaca (7B)"], "alpaca-7b");
  EXPECT_NE(slugs["alpaca-7b"], "alpaca-7b");
  EXPECT_EQ(slugs["日本"], "x");
  auto again = slugs;
  add_slugs({"GPT 4", "New"}, again);
  EXPECT_EQ(again["GPT 4"], slugs["GPT 4"]);
  for (const auto format : {source_format::pairs, source_format::music_arena}) {
    import_settings s;
    s.format = format;
    s.title = "Imported: x";
    const auto a = arena::parse_arena(arena_file(s, "imported-x", slugs));
    ASSERT_TRUE(a) << a.error().detail
                   << (a.error().fields.empty()
                           ? ""
                           : a.error().fields[0].field + a.error().fields[0].reason);
    for (const auto& system : a->systems) EXPECT_EQ(system.weight, 0);
  }
}

}  // namespace
}  // namespace agon::imports
