#include "privacy/release/builder.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <limits>
#include <map>
#include <set>
#include <sstream>

#include "privacy/release/verify.hpp"
#include "tests/unit/release/small_release.hpp"

namespace agon::release {
namespace {

namespace fs = std::filesystem;
using test::build_small, test::small_options, test::temporary_folder, test::vote;

std::map<std::string, std::string> bytes_of_all(const fs::path& release) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(release))
    if (entry.is_regular_file())
      out[entry.path().lexically_relative(release).string()] = test::read_file(entry.path());
  return out;
}

row with(row r, const char* column, value v) {
  row out;
  for (const auto& [name, old] : r.cells()) out.set(name, name == column ? v : old);
  return out;
}

std::string lines_of(const fs::path& release, const std::string& table) {
  return test::decompress(test::read_file(release / "data" / (table + "-00000.jsonl.zst")));
}

bool holds_nothing(const fs::path& folder) {
  return fs::begin(fs::directory_iterator(folder)) == fs::end(fs::directory_iterator());
}

TEST(release_builder, rebuilt_from_the_same_rows_gives_the_same_bytes) {
  temporary_folder dir;
  ASSERT_TRUE(build_small(dir.path() / "one"));
  auto options = small_options();
  options.buffer_bytes = 2000;  // runs on disk, merged
  ASSERT_TRUE(build_small(dir.path() / "two", std::move(options)));
  EXPECT_EQ(bytes_of_all(dir.path() / "one"), bytes_of_all(dir.path() / "two"));
}

TEST(release_builder, order_of_rows_does_not_depend_on_the_order_they_came_in) {
  temporary_folder dir;
  test::counting_random random;
  for (const bool backwards : {false, true}) {
    auto b = release_builder::start(dir.path() / (backwards ? "b" : "f"), small_options(), random);
    for (int i = 0; i < 20; ++i)
      ASSERT_TRUE((*b)->add("votes", vote("id-" + std::to_string(backwards ? 19 - i : i),
                                          "flite/slt", "flite/kal", i % 2 == 0 ? "tie" : "tie")));
    ASSERT_TRUE((*b)->finish());
  }
  EXPECT_EQ(lines_of(dir.path() / "f", "votes"), lines_of(dir.path() / "b", "votes"));
}

TEST(release_builder, another_key_gives_other_ids_and_another_order) {
  temporary_folder dir;
  ASSERT_TRUE(build_small(dir.path() / "one"));
  ASSERT_TRUE(build_small(dir.path() / "two", small_options('z')));
  std::set<std::string> ids[2];
  std::vector<std::string> order[2];
  const char* names[] = {"one", "two"};
  for (std::size_t i = 0; i < 2; ++i) {
    std::istringstream in(lines_of(dir.path() / names[i], "votes"));
    for (std::string line; std::getline(in, line);) {
      const auto at = line.find("\"battle\":\"") + 10;
      ids[i].insert(line.substr(at, 32));
      order[i].push_back(line.substr(at + 33));  // the rest of the row, without its id
    }
    EXPECT_EQ(ids[i].size(), 24U);
  }
  for (const std::string& id : ids[0]) EXPECT_EQ(ids[1].count(id), 0U);
  EXPECT_NE(order[0], order[1]);
  EXPECT_TRUE(std::is_permutation(order[0].begin(), order[0].end(), order[1].begin()));
}

TEST(release_builder, no_raw_id_and_no_planted_address_reaches_a_file) {
  temporary_folder dir;
  const auto summary = build_small(dir.path() / "r");
  ASSERT_TRUE(summary) << summary.error().describe();
  for (const auto& [path, bytes] : bytes_of_all(dir.path() / "r")) {
    const std::string text = path.ends_with(".zst") ? test::decompress(bytes) : bytes;
    for (const char* raw : {"battle-", "example.org", "7946", "media of"})
      EXPECT_EQ(text.find(raw), std::string::npos) << raw << " in " << path;
  }
  EXPECT_EQ(summary->redacted.at("EMAIL_ADDRESS"), 69);
  EXPECT_EQ(summary->redacted.at("PHONE_NUMBER"), 21);
  EXPECT_EQ(summary->rows.at("votes"), 24);
  EXPECT_EQ(summary->rows.at("boards"), 5);
}

TEST(release_builder, placeholders_agree_within_a_battle) {
  temporary_folder dir;
  ASSERT_TRUE(build_small(dir.path() / "r"));
  std::istringstream in(lines_of(dir.path() / "r", "feedback"));
  for (std::string line; std::getline(in, line);)
    EXPECT_NE(line.find("Ask <EMAIL_ADDRESS_1> or <EMAIL_ADDRESS_2> “why”"), std::string::npos);
}

TEST(release_builder, measures_of_an_output_are_withheld_where_its_prompt_is_not_shown_in_full) {
  temporary_folder dir;
  test::counting_random random;
  auto b = release_builder::start(dir.path() / "r", small_options(), random);
  const auto add = [&](const std::string& id, value prompt, bool vote_first) {
    const row v = with(vote(id, "flite/slt", "flite/kal", "a"), "prompt", std::move(prompt));
    const row o = test::output(id, "a", "flite/slt").set("text", id);
    ASSERT_TRUE(vote_first ? (*b)->add("votes", v) : (*b)->add("outputs", o));
    ASSERT_TRUE(vote_first ? (*b)->add("outputs", o) : (*b)->add("votes", v));
  };
  add("clean", std::string("hello"), true);
  add("redacted", std::string("call +44 20 7946 0958"), true);
  add("unpublished", std::monostate(), true);
  add("before its vote", std::string("hello"), false);
  ASSERT_TRUE((*b)->finish());
  std::istringstream in(lines_of(dir.path() / "r", "outputs"));
  for (std::string line; std::getline(in, line);) {
    const bool clean = line.find("\"text\":\"clean\"") != std::string::npos;
    EXPECT_EQ(line.find("\"seconds\":4.5") != std::string::npos, clean) << line;
    EXPECT_EQ(line.find("\"loudness\":-23") != std::string::npos, clean) << line;
  }
}

TEST(release_builder, what_it_builds_verifies) {
  temporary_folder dir;
  auto options = small_options();
  options.rows_per_file = 7;
  ASSERT_TRUE(build_small(dir.path() / "r", std::move(options)));
  EXPECT_TRUE(fs::exists(dir.path() / "r/data/votes-00003.jsonl.zst"));
  EXPECT_TRUE(fs::exists(dir.path() / "r/data/votes-00003.parquet"));
  for (const check& c : verify(dir.path() / "r").checks)
    EXPECT_TRUE(c.passed) << c.name << c.sentence;
}

// ---- k-anonymity ----

// Builds a release of votes in these languages and counts them in what was published;
// "" stands for none.
std::map<std::string, int> languages_of(const std::vector<std::pair<std::string, int>>& given,
                                        release_policy policy = {}) {
  temporary_folder dir;
  test::counting_random random;
  auto options = small_options();
  options.policy = std::move(policy);
  auto b = release_builder::start(dir.path() / "r", std::move(options), random);
  int n = 0;
  for (const auto& [language, count] : given)
    for (int i = 0; i < count; ++i) {
      row original = vote("b" + std::to_string(n++), "flite/slt", "flite/kal", "a"), r;
      for (const auto& [name, v] : original.cells())
        r.set(name, name != "language" ? v : language.empty() ? value() : value(language));
      EXPECT_TRUE((*b)->add("votes", r));
    }
  const auto finished = (*b)->finish();
  EXPECT_TRUE(finished) << finished.error().describe();
  std::map<std::string, int> out;
  std::istringstream in(lines_of(dir.path() / "r", "votes"));
  for (std::string line; std::getline(in, line);) {
    const auto at = line.find("\"language\":") + 11;
    const std::string cell = line.substr(at, line.find(',', at) - at);
    ++out[cell == "null" ? "" : cell.substr(1, cell.size() - 2)];
  }
  return out;
}

using counted_languages = std::map<std::string, int>;

TEST(release_anonymity, languages_lose_their_region_and_the_rare_ones_are_withheld) {
  EXPECT_EQ(languages_of({{"en-GB", 4}, {"en-US", 3}, {"de", 6}, {"is", 2}, {"fo", 3}}),
            (counted_languages{{"en", 7}, {"de", 6}, {"", 5}}));
}

TEST(release_anonymity, too_few_withheld_votes_take_the_next_language_with_them) {
  EXPECT_EQ(languages_of({{"en", 20}, {"de", 6}, {"is", 1}}),
            (counted_languages{{"en", 20}, {"", 7}}));
  EXPECT_EQ(languages_of({{"en", 3}, {"de", 1}}), (counted_languages{{"", 4}}));
}

TEST(release_anonymity, what_is_no_language_is_withheld) {
  EXPECT_EQ(languages_of({{"en", 20}, {"42", 5}, {"", 5}}),
            (counted_languages{{"en", 20}, {"", 10}}));
}

TEST(release_anonymity, the_policy_says_how_much_is_told) {
  release_policy policy;
  policy.language = language_detail::tag;
  policy.k = 2;
  EXPECT_EQ(languages_of({{"en-GB", 2}, {"en-US", 3}}, policy),
            (counted_languages{{"en-GB", 2}, {"en-US", 3}}));
  policy.language = language_detail::none;
  EXPECT_EQ(languages_of({{"en-GB", 2}, {"en-US", 3}}, policy), (counted_languages{{"", 5}}));
}

TEST(release_anonymity, partitions_recoded_differently_do_not_go_together) {
  release_policy a, b;
  EXPECT_TRUE(recode_alike(a, b));
  b.language = language_detail::tag;
  EXPECT_FALSE(recode_alike(a, b));
  EXPECT_EQ(policy_from_json(to_json(b)).language, language_detail::tag);
  EXPECT_EQ(policy_from_json(R"({"consent_purposes":[],"cool_off_hours":72,"minimum_votes":1})").k,
            1)
      << "a policy frozen before there was a k";
}

// ---- fail closed ----

// Adds one row to a fresh builder and gives the refusal.
release_error refusal_of(const std::string& table, const row& r) {
  temporary_folder dir;
  test::counting_random random;
  auto b = release_builder::start(dir.path() / "r", small_options(), random);
  auto added = (*b)->add(table, r);
  EXPECT_FALSE(added);
  EXPECT_EQ((*b)->finish().error().code, release_errc::finished);
  b->reset();
  EXPECT_TRUE(holds_nothing(dir.path()));
  return added ? release_error{} : added.error();
}

TEST(release_builder, anything_unexpected_in_a_row_stops_the_build_with_its_column) {
  const row good = vote("id", "flite/slt", "flite/kal", "a");
  const struct {
    row r;
    const char* column;
  } cases[] = {
      {row(good).set("participant", "p-1"), "participant"},
      {row(good).set("day", "2026-11-24"), "day"},  // twice
      {with(good, "winner", std::string("left")), "winner"},
      {with(good, "winner", std::monostate()), "winner"},
      {with(good, "winner", std::int64_t{1}), "winner"},
      {with(good, "day", std::string("2026-02-30")), "day"},
      {with(good, "day", std::string("2026-11-24T10:00:00Z")), "day"},
      {with(good, "battle", std::string()), "battle"},
      {with(good, "arena", std::string("music")), "arena"},
      {with(good, "system_a", std::string("a\nb")), "system_a"},
      {with(good, "system_a", std::string("10.1.2.3")), "system_a"},
      {with(good, "system_b", std::string("flite/slt")), "system_b"},
      {with(good, "seconds_heard_a", std::nan("")), "seconds_heard_a"},
      {with(good, "seconds_heard_a", std::numeric_limits<double>::infinity()), "seconds_heard_a"},
      {with(good, "seconds_heard_a", -1.0), "seconds_heard_a"},
      {with(good, "seconds_heard_a", std::int64_t{3}), "seconds_heard_a"},
      {with(good, "sampling_probability", 1.5), "sampling_probability"},
      {with(good, "protocol_version", 1.0), "protocol_version"},
      {with(good, "protocol_version", std::int64_t{1} << 60), "protocol_version"},
      {with(good, "prompt", std::string("\xff\xfe")), "prompt"},
      {with(good, "prompt", std::string("a\0b", 3)), "prompt"},
      {with(good, "prompt", true), "prompt"},
  };
  for (const auto& c : cases) {
    const release_error e = refusal_of("votes", c.r);
    EXPECT_EQ(e.code, release_errc::bad_row) << c.column;
    EXPECT_EQ(e.table, "votes");
    EXPECT_EQ(e.column, c.column) << e.message;
  }
  EXPECT_EQ(refusal_of("participants", good).table, "participants");
}

TEST(release_builder, error_never_repeats_the_value) {
  const row r = with(vote("id", "flite/slt", "flite/kal", "a"), "winner", std::string("SECRET"));
  EXPECT_EQ(refusal_of("votes", r).describe().find("SECRET"), std::string::npos);
}

TEST(release_builder, planted_canary_that_the_finders_do_not_know_stops_the_release) {
  const struct {
    const char* table;
    const char* column;
    row r;
  } texts[] = {
      {"votes", "prompt",
       with(vote("i", "flite/slt", "flite/kal", "a"), "prompt", std::string("so ZEBRA-77 it is"))},
      {"outputs", "text", test::output("i", "a", "flite/slt").set("text", "ｚｅｂｒａ-77")},
      {"feedback", "text", test::comment("i", "zeb\u200bra-77")},
  };
  for (const auto& t : texts) {
    temporary_folder dir;
    test::counting_random random;
    auto options = small_options();
    options.canaries = {"zebra-77"};
    auto b = release_builder::start(dir.path() / "r", std::move(options), random);
    ASSERT_TRUE((*b)->add(t.table, t.r)) << t.table;
    const auto finished = (*b)->finish();  // texts are searched some rows later
    ASSERT_FALSE(finished) << t.table;
    EXPECT_EQ(finished.error().code, release_errc::check_failed);
    EXPECT_EQ(finished.error().table, t.table);
    EXPECT_EQ(finished.error().column, t.column);
  }
}

TEST(release_builder, output_of_a_battle_without_vote_is_refused_by_the_final_check) {
  temporary_folder dir;
  test::counting_random random;
  auto b = release_builder::start(dir.path() / "r", small_options(), random);
  ASSERT_TRUE((*b)->add("votes", vote("one", "flite/slt", "flite/kal", "a")));
  ASSERT_TRUE((*b)->add("outputs", test::output("two", "a", "flite/slt")));
  const auto finished = (*b)->finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, release_errc::check_failed);
  EXPECT_NE(finished.error().message.find("references"), std::string::npos);
  b->reset();
  EXPECT_TRUE(holds_nothing(dir.path()));
}

TEST(release_builder, too_few_votes_and_a_given_board_are_refused) {
  temporary_folder dir;
  test::counting_random random;
  auto empty = release_builder::start(dir.path() / "r", small_options(), random);
  EXPECT_EQ((*empty)->finish().error().code, release_errc::check_failed);

  row board;
  board.set("method", "bradley_terry").set("segment", "overall").set("system", "flite/slt");
  board.set("status", "rated").set("score", 1000.0).set("votes", 1).set("wins", 1);
  board.set("losses", 0).set("ties", 0).set("both_bad", 0);
  EXPECT_EQ(refusal_of("boards", board).column, "method");
}

TEST(release_builder, board_of_another_method_is_released_beside_the_verified_one) {
  temporary_folder dir;
  test::counting_random random;
  auto b = release_builder::start(dir.path() / "r", small_options(), random);
  row elo;
  elo.set("method", "elo").set("segment", "overall").set("system", "flite/slt");
  elo.set("status", "rated").set("score", 1004.25).set("votes", 1).set("wins", 1);
  elo.set("losses", 0).set("ties", 0).set("both_bad", 0);
  ASSERT_TRUE(test::add_small_rows(**b));
  ASSERT_TRUE((*b)->add("boards", elo));
  ASSERT_TRUE((*b)->finish());
  EXPECT_NE(lines_of(dir.path() / "r", "boards").find("\"method\":\"elo\""), std::string::npos);
}

TEST(release_builder, bad_options_are_refused_before_anything_is_written) {
  temporary_folder dir;
  test::counting_random random;
  const std::function<void(release_options&)> spoil[] = {
      [](auto& o) { o.arena = "../x"; },
      [](auto& o) { o.partition = ""; },
      [](auto& o) { o.created_day = "today"; },
      [](auto& o) { o.license = "CC BY\n"; },
      [](auto& o) { o.arena_title = "a\nb"; },
      [](auto& o) { o.code_version = ""; },
      [](auto& o) { o.systems = {"x@y.com"}; },
      [](auto& o) { o.rows_per_file = 0; },
      [](auto& o) { o.policy.cool_off_hours = -1; },
  };
  for (const auto& s : spoil) {
    auto options = small_options();
    s(options);
    const auto b = release_builder::start(dir.path() / "r", std::move(options), random);
    ASSERT_FALSE(b);
    EXPECT_EQ(b.error().code, release_errc::bad_options);
  }
  EXPECT_TRUE(holds_nothing(dir.path()));
}

// ---- the disk ----

TEST(release_builder, sealed_partition_is_never_overwritten) {
  temporary_folder dir;
  ASSERT_TRUE(build_small(dir.path() / "r"));
  const auto before = bytes_of_all(dir.path() / "r");
  const auto again = build_small(dir.path() / "r", small_options('z'));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, release_errc::already_sealed);
  EXPECT_EQ(bytes_of_all(dir.path() / "r"), before);
}

TEST(release_builder, target_that_appears_meanwhile_is_not_replaced) {
  temporary_folder dir;
  test::counting_random random;
  auto b = release_builder::start(dir.path() / "r", small_options(), random);
  ASSERT_TRUE(test::add_small_rows(**b));
  fs::create_directory(dir.path() / "r");
  EXPECT_EQ((*b)->finish().error().code, release_errc::already_sealed);
  b->reset();
  EXPECT_TRUE(holds_nothing(dir.path() / "r"));
}

TEST(release_builder, nothing_is_visible_before_it_is_finished) {
  temporary_folder dir;
  test::counting_random random;
  auto b = release_builder::start(dir.path() / "r", small_options(), random);
  ASSERT_TRUE(test::add_small_rows(**b));
  EXPECT_FALSE(fs::exists(dir.path() / "r"));
  b->reset();
  EXPECT_TRUE(holds_nothing(dir.path()));
}

TEST(release_builder, full_disk_leaves_nothing_behind) {
  temporary_folder dir;
  test::counting_random random;
  auto options = small_options();
  auto b = release_builder::start(dir.path() / "r", std::move(options), random);
  ASSERT_TRUE(test::add_small_rows(**b));
  // A limit on the size of files makes write() fail as a full disk does.
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  auto* const old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tiny{512, old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tiny);
  const auto finished = (*b)->finish();
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, release_errc::storage);
  EXPECT_NE(finished.error().message.find("cannot write"), std::string::npos);
  b->reset();
  EXPECT_TRUE(holds_nothing(dir.path()));
}

TEST(partition_key, destroyed_key_derives_nothing) {
  partition_key key = partition_key::from_bytes(std::string(32, 'k'));
  const std::string id = key.pseudonym("battle", "x");
  EXPECT_EQ(id.size(), 32U);
  EXPECT_NE(id, key.pseudonym("media", "x"));
  const partition_key moved = std::move(key);
  EXPECT_EQ(moved.pseudonym("battle", "x"), id);
  // NOLINTNEXTLINE(bugprone-use-after-move): that is what is tested
  EXPECT_THROW((void)key.pseudonym("battle", "x"), std::logic_error);
  EXPECT_THROW((void)partition_key::from_bytes("short"), std::invalid_argument);
}

}  // namespace
}  // namespace agon::release
