// What a release is vouched for by: signature, separation from other partitions, noise, the
// refusal of defects that are put in on purpose.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "privacy/release/signature.hpp"
#include "privacy/release/verify.hpp"
#include "tests/unit/release/small_release.hpp"

namespace agon::release {
namespace {

namespace fs = std::filesystem;

class assured : public testing::Test {
 protected:
  fs::path at(const std::string& name) const { return folder_.path() / name; }
  void build(const std::string& name, char key = 'k') {
    const auto built = test::build_small(at(name), test::small_options(key));
    ASSERT_TRUE(built) << built.error().describe();
  }
  std::string lines(const std::string& name, const std::string& table) const {
    return test::decompress(test::read_file(at(name) / ("data/" + table + "-00000.jsonl.zst")));
  }

 private:
  test::temporary_folder folder_;
};

crypto::minisign_secret_key signing_key() {
  test::counting_random random;
  return crypto::minisign_secret_key::make(random);
}

TEST_F(assured, a_signed_release_is_told_from_an_unsigned_and_from_anothers) {
  build("r");
  const auto key = signing_key();
  const verify_against ours{key.public_key().line(), {}};
  EXPECT_FALSE(verify(at("r"), {}, ours).find("signature")->passed) << "not signed yet";
  EXPECT_TRUE(verify(at("r")).ok()) << "nobody asked for a signature";
  ASSERT_TRUE(sign_release(at("r"), key));
  const verify_report report = verify(at("r"), {}, ours);
  for (const check& c : report.checks) EXPECT_TRUE(c.passed) << c.name << ": " << c.sentence;
  crypto::system_random random;
  const auto other = crypto::minisign_secret_key::make(random);
  EXPECT_FALSE(verify(at("r"), {}, {other.public_key().file(), {}}).find("signature")->passed);
  EXPECT_FALSE(verify(at("r"), {}, {"no key", {}}).find("signature")->passed);
}

TEST_F(assured, whoever_forges_a_signed_release_with_all_hashes_right_is_caught) {
  build("r");
  const auto key = signing_key();
  ASSERT_TRUE(sign_release(at("r"), key));
  test::change_manifest(at("r"), [](manifest& m) { m.arena_title = "Another title"; });
  test::seal_again(at("r"));
  const verify_report report = verify(at("r"), {}, {key.public_key().line(), {}});
  for (const check& c : report.checks) EXPECT_EQ(c.passed, c.name != "signature") << c.sentence;
}

TEST_F(assured, signing_again_gives_the_same_bytes) {
  build("r");
  const auto key = signing_key();
  ASSERT_TRUE(sign_release(at("r"), key));
  const std::string first = test::read_file(at("r") / "SHA256SUMS.minisig");
  ASSERT_TRUE(sign_release(at("r"), key));
  EXPECT_EQ(test::read_file(at("r") / "SHA256SUMS.minisig"), first);
}

TEST_F(assured, partitions_under_two_keys_share_no_id_and_under_one_key_are_caught) {
  build("first", 'k');
  build("second", 'q');
  test::change_manifest(at("second"), [](manifest& m) { m.partition = "2026-12"; });
  test::seal_again(at("second"));
  EXPECT_TRUE(verify(at("second"), {}, {"", at("first")}).ok());
  build("third", 'k');
  test::change_manifest(at("third"), [](manifest& m) { m.partition = "2027-01"; });
  test::seal_again(at("third"));
  const verify_report report = verify(at("third"), {}, {"", at("first")});
  EXPECT_FALSE(report.find("separation")->passed);
  EXPECT_NE(report.find("separation")->sentence.find("72 ids stand in both"), std::string::npos)
      << report.find("separation")->sentence;
  EXPECT_FALSE(verify(at("third"), {}, {"", at("nothing")}).find("separation")->passed);
}

TEST_F(assured, counts_have_a_row_for_every_cell_and_the_same_noise_for_the_same_key_and_counts) {
  build("r");
  const std::string counts = lines("r", "counts");
  // 2 days, 2 languages, 3 pairs, and what is in none of each.
  EXPECT_EQ(std::count(counts.begin(), counts.end(), '\n'), 10);
  EXPECT_EQ(counts.find("person"), std::string::npos);
  build("again");
  EXPECT_EQ(lines("again", "counts"), counts);
  build("other key", 'q');
  EXPECT_NE(lines("other key", "counts"), counts);
}

TEST_F(assured, one_person_moves_no_count_by_more_than_the_bound) {
  // So little noise that the counts show through it.
  const auto days = [&](const std::string& name, int votes) {
    auto options = test::small_options();
    options.counts->votes_per_person = 3;
    options.counts->budget = dp::rho{900'000'000'000};
    test::counting_random random;
    auto b = release_builder::start(at(name), std::move(options), random);
    EXPECT_TRUE(test::add_small_rows(**b));
    for (int i = 0; i < votes; ++i)
      (*b)->count({"busy", "2026-11-23", "en", "flite/slt", "flite/kal"});
    EXPECT_TRUE((*b)->finish());
    std::istringstream in(lines(name, "counts"));
    for (std::string line; std::getline(in, line);)
      if (line.find("\"day\":\"2026-11-23\"") != std::string::npos)
        return std::stoi(line.substr(line.find(':') + 1));
    return -1;
  };
  EXPECT_EQ(days("none", 0), 0);
  EXPECT_EQ(days("many", 1000), 3);
}

TEST_F(assured, without_a_plan_there_are_no_counts_and_the_card_says_why) {
  auto options = test::small_options();
  options.counts.reset();
  options.no_counts = "The year's budget is spent.";
  ASSERT_TRUE(test::build_small(at("r"), std::move(options)));
  EXPECT_EQ(lines("r", "counts"), "");
  EXPECT_NE(test::read_file(at("r") / "README.md").find("The year's budget is spent."),
            std::string::npos);
}

TEST_F(assured, a_revision_takes_rows_away_and_keeps_its_counts) {
  build("r");
  auto options = test::small_options('q');
  options.revision_of = at("r");
  options.created_day = "2027-01-04";
  options.note = "5 people withdrew.";
  test::counting_random random;
  auto b = release_builder::start(at("r.1"), std::move(options), random);
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE((*b)->add("votes", test::vote("battle-" + std::to_string(i), "flite/slt",
                                              "flite/kal", i % 2 == 0 ? "a" : "b")));
  ASSERT_TRUE((*b)->finish());
  const auto sorted = [](std::string text) {
    std::vector<std::string> all;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) all.push_back(line);
    std::sort(all.begin(), all.end());
    return all;
  };
  EXPECT_EQ(sorted(lines("r.1", "counts")), sorted(lines("r", "counts")));
  EXPECT_TRUE(verify(at("r.1"), {}, {"", at("r")}).ok());
  const std::string changes = test::read_file(at("r.1") / "CHANGELOG.md");
  EXPECT_NE(changes.find("## 2.0.0, 2027-01-04\n\n5 people withdrew. It holds 20 votes."),
            std::string::npos)
      << changes;
  EXPECT_NE(changes.find("## 1.0.0, 2026-12-04"), std::string::npos);
}

TEST_F(assured, a_dry_run_tells_the_report_and_leaves_nothing) {
  auto options = test::small_options();
  options.dry_run = true;
  const auto summary = test::build_small(at("r"), std::move(options));
  ASSERT_TRUE(summary) << summary.error().describe();
  EXPECT_NE(summary->report.find("Can one person's vote be picked out?"), std::string::npos);
  EXPECT_FALSE(fs::exists(at("r")));
}

// What an attacker does first who has every month: look for equal ids. As a control the same,
// with one key for all months.
TEST_F(assured, ten_months_of_the_same_votes_share_no_id_unless_their_keys_are_one) {
  const auto ids_of = [&](const std::string& name) {
    std::set<std::string> ids;
    for (const char* table : {"votes", "outputs", "feedback"}) {
      const std::string text = lines(name, table);
      const std::regex id("\"[0-9a-f]{32}\"");
      for (std::sregex_iterator at(text.begin(), text.end(), id), end; at != end; ++at)
        ids.insert(at->str());
    }
    return ids;
  };
  std::set<std::string> all, under_one_key;
  std::size_t sum = 0;
  for (char month = '0'; month <= '9'; ++month) {
    build(std::string("month ") + month, month);
    build(std::string("control ") + month, 'k');
    const auto ids = ids_of(std::string("month ") + month);
    sum += ids.size();
    all.insert(ids.begin(), ids.end());
    under_one_key.merge(ids_of(std::string("control ") + month));
  }
  EXPECT_EQ(sum, 10U * 72U);  // battles and media
  EXPECT_EQ(all.size(), sum);
  EXPECT_EQ(under_one_key.size(), 72U);
}

// Ablation controls: a build that makes the mistake is refused, by the check that is there for it.
class defects : public testing::TestWithParam<std::pair<injected_defect, const char*>> {};

TEST_P(defects, a_build_with_the_defect_is_refused) {
  const test::temporary_folder folder;
  const auto attempt = [&](injected_defect defect) {
    auto options = test::small_options();
    options.defect = defect;
    test::counting_random random;
    auto b = release_builder::start(folder.path() / "r", std::move(options), random);
    EXPECT_TRUE(test::add_small_rows(**b));
    row rare;
    const row usual = test::vote("battle-x", "flite/slt", "flite/kal", "a");
    for (const auto& [name, v] : usual.cells())
      rare.set(name, name == "language" ? value(std::string("sw")) : v);
    EXPECT_TRUE((*b)->add("votes", rare));
    return (*b)->finish();
  };
  const auto refused = attempt(GetParam().first);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, release_errc::check_failed);
  EXPECT_TRUE(refused.error().message.starts_with(GetParam().second)) << refused.error().message;
  EXPECT_TRUE(fs::is_empty(folder.path()));
  EXPECT_TRUE(attempt(injected_defect::none)) << "the same rows without the defect";
}

INSTANTIATE_TEST_SUITE_P(
    ablation, defects,
    testing::Values(std::pair(injected_defect::constant_id, "ids: two votes carry the same id"),
                    std::pair(injected_defect::small_cell, "anonymity: a language"),
                    std::pair(injected_defect::unscanned_column, "text: ")));

TEST(injected_defect, one_that_the_checks_cannot_see_is_refused_all_the_same) {
  const test::temporary_folder folder;
  auto options = test::small_options();
  options.defect = injected_defect::small_cell;  // and no rare language is there
  const auto refused = test::build_small(folder.path() / "r", std::move(options));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("the checks do not see it"), std::string::npos);
}

}  // namespace
}  // namespace agon::release
