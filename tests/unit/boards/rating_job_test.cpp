#include "services/boards/rating_job.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "services/boards/board_feed.hpp"

namespace agon::boards {
namespace {

// A store in memory: votes carry the transaction that committed them.
class fake_store final : public rating_store {
 public:
  struct vote {
    std::uint64_t transaction;
    counted_vote v;
    std::uint64_t withdrawn = std::numeric_limits<std::uint64_t>::max();
  };
  std::vector<vote> votes;
  rated_arena arena{1, "speech", {{1, "one"}, {2, "two"}, {3, "three"}}};
  rating_progress kept{.arena = 1};
  std::map<std::string, pair_counts> counts;
  std::map<board_key, stored_board> boards;  // the newest of each
  int published = 0;                         // boards written
  std::uint64_t oldest_running = 100;
  bool holds_lock = true;
  bool fails_at_publish = false;

  bool elected() override { return holds_lock; }
  std::vector<rated_arena> arenas() override { return {arena}; }
  rating_progress progress(int) override { return kept; }
  std::vector<tally_row> tallies(int, const std::string& segment) override {
    return counts[segment].rows();
  }
  std::vector<std::string> segments(int) override {
    std::vector<std::string> out;
    for (const auto& [segment, c] : counts)
      if (!c.empty()) out.push_back(segment);
    return out;
  }
  std::uint64_t horizon() override { return oldest_running; }
  void read_votes(int, std::uint64_t from, std::uint64_t to, const vote_columns& columns,
                  const std::function<void(const counted_vote&)>& each) override {
    for (const vote& v : votes)
      if (v.transaction >= from && v.transaction < to && v.withdrawn >= to &&
          (columns.criteria || v.v.criterion.empty()))
        each(v.v);
  }
  std::int64_t new_votes(int, std::uint64_t from, std::uint64_t to, std::int64_t most) override {
    return std::min(most, std::count_if(votes.begin(), votes.end(), [&](const vote& v) {
                      return v.transaction >= from && v.transaction < to;
                    }));
  }
  bool votes_withdrawn(int, std::uint64_t from, std::uint64_t to) override {
    return std::any_of(votes.begin(), votes.end(), [&](const vote& v) {
      return v.transaction < from && v.withdrawn >= from && v.withdrawn < to;
    });
  }
  std::optional<int> publish(const publication& p) override {
    if (fails_at_publish) throw std::runtime_error("PostgreSQL is away");
    if (kept.watermark != p.expected_watermark) return std::nullopt;
    kept = p.progress;
    if (p.afresh) counts.clear();
    for (const auto& [segment, rows] : p.tallies) {
      // The rows that come replace those that are there.
      pair_counts next;
      for (const tally_row& row : counts[segment].rows())
        if (std::none_of(rows.begin(), rows.end(), [&](const tally_row& r) {
              return r.system_a == row.system_a && r.system_b == row.system_b;
            }))
          next.add(row);
      for (const tally_row& row : rows) next.add(row);
      counts[segment] = next;
    }
    int changed = 0;
    for (const stored_board& b : p.boards) {
      if (b.votes == 0 && !b.segment.empty() && !boards.contains({b.arena, b.method, b.segment}))
        continue;
      stored_board& known = boards[{b.arena, b.method, b.segment}];
      if (known.body != b.body) ++changed;
      known = b;
    }
    published += changed;
    return changed;
  }
  void measure_speed(int) override {}
};

using ratings::outcome;

struct rating_job_fixture : testing::Test {
  fake_store store;
  system_clock_source clock;
  rating_job job{store, clock};
  void cast(std::uint64_t transaction, int a, int b, outcome o) {
    store.votes.push_back({.transaction = transaction, .v = {1, a, b, o}});
  }
  // Votes of three languages over two days, by turns.
  void cast_many(std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t t = from; t < to; ++t) {
      counted_vote v{1, static_cast<int>(t % 3) + 1, static_cast<int>((t + 1) % 3) + 1,
                     static_cast<outcome>(t * 7 % 4)};
      v.language = t % 2 == 0 ? "en" : "de";
      v.day = t < 60 ? "2026-11-24" : "2026-11-25";
      v.week = "2026-W48";
      v.quarantined = t % 11 == 0;
      v.style_set = "audio/1";
      v.style = {1.0 + static_cast<double>(t % 5), -16, 2, -16 - static_cast<double>(t % 4)};
      v.generation_seconds = {static_cast<double>(t % 9), 3};
      v.probability = t % 4 == 0 ? 0.05 : 0.4;
      v.participant = "p" + std::to_string(t % 7 % 4);
      v.prompt = t % 8 == 0 ? "The same, again" : "Prompt number " + std::to_string(t);
      store.votes.push_back({.transaction = t, .v = v});
      v.criterion = "voice";
      v.winner = static_cast<outcome>(t * 5 % 4);
      store.votes.push_back({.transaction = t, .v = v});
    }
  }
  std::map<board_key, std::string> bodies() const {
    std::map<board_key, std::string> out;
    for (const auto& [key, b] : store.boards) out[key] = b.body;
    return out;
  }
};

TEST_F(rating_job_fixture, nothing_is_published_before_the_first_vote) {
  EXPECT_EQ(job.step().boards, 0);
  EXPECT_TRUE(store.boards.empty());
}

TEST_F(rating_job_fixture, a_vote_of_a_running_transaction_is_counted_when_it_is_over) {
  cast(99, 1, 2, outcome::a);
  cast(120, 2, 3, outcome::b);
  EXPECT_EQ(job.step().new_votes, 1);
  store.oldest_running = 130;
  cast(110, 1, 3, outcome::tie);  // began earlier, became visible later
  EXPECT_EQ(job.step().new_votes, 2);
  EXPECT_EQ(job.step().boards, 0);
  EXPECT_EQ(store.kept.votes, 3);
}

constexpr const char* plan_with_segments =
    R"([{"anchor":null,"both_bad":null,"method":"bradley_terry","segment_by":["language","day","criterion"],"simultaneous":false},)"
    R"({"anchor":null,"both_bad":null,"method":"davidson","segment_by":["week"],"simultaneous":false},)"
    R"({"anchor":null,"both_bad":null,"method":"elo","segment_by":[],"simultaneous":false}])";

TEST_F(rating_job_fixture, in_steps_or_at_once_the_boards_have_the_same_bytes) {
  store.arena.plan = plan_with_segments;
  cast_many(1, 90);
  for (store.oldest_running = 10; store.oldest_running <= 100; store.oldest_running += 10)
    job.step();
  const auto in_steps = bodies();
  EXPECT_EQ(in_steps.size(), 3U + 2 + 2 + 1 + 1);
  store.kept = {.arena = 1};
  store.boards.clear();
  store.counts.clear();
  rating_job again(store, clock);
  again.step();
  EXPECT_EQ(bodies(), in_steps);
}

constexpr const char* plan_of_rows =
    R"([{"anchor":null,"both_bad":null,"features":["seconds","loudness_lufs"],"method":"contextual","segment_by":["language","criterion"],"simultaneous":false},)"
    R"({"anchor":null,"both_bad":null,"method":"bradley_terry","segment_by":["language"],"simultaneous":false,)"
    R"("weights":{"inverse_propensity":10,"participant_cap":5,"prompt_quantile":0.5,"prompt_similarity":0.8}},)"
    R"({"anchor":null,"both_bad":null,"method":"elo","segment_by":[],"simultaneous":false}])";

// Style control and weights need the votes one by one; however they came, and whoever counted
// them, the boards have the same bytes.
TEST_F(rating_job_fixture, boards_of_rows_have_the_same_bytes_in_steps_and_at_once) {
  store.arena.plan = plan_of_rows;
  store.arena.quarantine = "somebody";
  cast_many(1, 90);
  for (auto& v : store.votes)
    if (v.transaction % 13 == 5) v.withdrawn = v.transaction + 25;
  for (store.oldest_running = 10; store.oldest_running <= 130; store.oldest_running += 10) {
    if (store.oldest_running % 30 == 0) {
      rating_job next(store, clock);  // takes over, and reads what the other one had in memory
      next.step();
    } else {
      job.step();
    }
  }
  const auto in_steps = bodies();
  EXPECT_EQ(in_steps.size(), 3U + 2 * 2 + 1 + 2);
  EXPECT_EQ(job.rebuild().boards, 0) << "counting every vote afresh gives the same bytes";
  store.kept = {.arena = 1};
  store.boards.clear();
  store.counts.clear();
  rating_job again(store, clock);
  again.step();
  EXPECT_EQ(bodies(), in_steps);
}

// The first slot wins whenever its output is longer, and the louder never matters.
TEST_F(rating_job_fixture, style_control_tells_length_from_quality) {
  store.arena.plan = plan_of_rows;
  for (std::uint64_t t = 1; t < 99; ++t) {
    counted_vote v{1, static_cast<int>(t % 3) + 1, static_cast<int>((t + 1) % 3) + 1,
                   t % 10 < 7 ? outcome::a : outcome::b};
    v.style_set = "audio/1";
    v.style = {t % 10 < 6 ? 9.0 : 1.0, -16, 3.0, -16};
    store.votes.push_back({.transaction = t, .v = v});
  }
  job.step();
  const std::string body = store.boards.at({1, "contextual", ""}).body;
  const auto parameters = body.find("\"parameters\":[{");
  ASSERT_NE(parameters, std::string::npos) << body;
  const auto value_of = [&](const std::string& name) {
    const auto at = body.find("\"name\":\"" + name + "\"", parameters);
    return std::stod(body.substr(body.find("\"value\":", at) + 8));
  };
  EXPECT_GT(value_of("seconds"), 100);
  EXPECT_EQ(value_of("loudness_lufs"), 0);
  EXPECT_NE(body.find("\"side\""), std::string::npos);
}

TEST_F(rating_job_fixture, weights_are_part_of_what_a_board_is_made_of) {
  cast_many(1, 90);
  job.step();
  const stored_board plain = store.boards.at({1, "bradley_terry", ""});
  store.arena.plan = plan_of_rows;
  EXPECT_GT(job.step().boards, 0) << "new weights move boards without a vote";
  const stored_board weighted = store.boards.at({1, "bradley_terry", ""});
  EXPECT_EQ(weighted.votes, plain.votes);
  EXPECT_NE(weighted.inputs_sha256, plain.inputs_sha256);
  EXPECT_NE(weighted.body.find("\"participant_cap\":5"), std::string::npos) << weighted.body;
  store.arena.plan = "[]";
  job.step();
  EXPECT_EQ(store.boards.at({1, "bradley_terry", ""}).body, plain.body);
}

// What was asked beside the text has boards by its switches and choices; a text that cannot name
// a segment has none.
TEST_F(rating_job_fixture, requests_prompts_and_months_have_segments) {
  store.arena.plan =
      R"([{"anchor":null,"both_bad":null,"method":"bradley_terry","segment_by":["request.vocals","request.genre","prompt","month"],"simultaneous":false}])";
  const auto cast_with = [&](std::uint64_t t, const char* request, const char* source) {
    counted_vote v{1, 1, 2, outcome::a};
    v.day = "2026-11-25";
    v.request = request;
    v.prompt_source = source;
    store.votes.push_back({.transaction = t, .v = v});
  };
  cast_with(1, R"({"genre":"hip hop","vocals":true})", "typed");
  cast_with(2, R"({"genre":"Schlager & mehr","vocals":false})", "random");
  cast_with(3, "no JSON", "");
  job.step();
  std::set<std::string> segments;
  for (const auto& [key, b] : store.boards) segments.insert(key.segment);
  EXPECT_EQ(segments, (std::set<std::string>{"", "month:2026-11", "prompt:random", "prompt:typed",
                                             "request.genre:hip-hop", "request.vocals:false",
                                             "request.vocals:true"}));
}

class moving_clock final : public clock_source {
 public:
  time_point moment = *parse_rfc3339("2026-11-24T03:00:00Z");
  [[nodiscard]] time_point now() const override { return moment; }
};

TEST_F(rating_job_fixture, boards_may_move_in_steps_of_several_votes) {
  moving_clock moving;
  rating_job in_steps(store, moving, {.votes = 3, .interval = std::chrono::hours(1)});
  cast(1, 1, 2, outcome::a);
  store.oldest_running = 2;
  EXPECT_GT(in_steps.step().boards, 0) << "the first vote of all makes the boards";
  for (std::uint64_t t = 2; t < 4; ++t) {
    cast(t, 1, 2, outcome::b);
    store.oldest_running = t + 1;
    EXPECT_EQ(in_steps.step().boards, 0) << t;
  }
  cast(4, 2, 3, outcome::b);
  store.oldest_running = 5;
  EXPECT_EQ(in_steps.step().new_votes, 3);
  cast(5, 2, 3, outcome::b);
  store.oldest_running = 6;
  EXPECT_EQ(in_steps.step().boards, 0);
  moving.moment += std::chrono::minutes(61);
  EXPECT_EQ(in_steps.step().new_votes, 1) << "or when they have not moved for an hour";
  moving.moment += std::chrono::minutes(61);
  EXPECT_EQ(in_steps.step().boards, 0) << "and never without a vote";
}

TEST_F(rating_job_fixture, what_was_taken_back_leaves_boards_that_move_in_steps_within_a_day) {
  moving_clock moving;
  rating_job in_steps(store, moving, {.votes = 100, .interval = {}});
  cast(1, 1, 2, outcome::a);
  cast(2, 1, 2, outcome::b);
  store.oldest_running = 3;
  ASSERT_GT(in_steps.step().boards, 0);
  store.votes[0].withdrawn = 4;
  store.oldest_running = 5;
  EXPECT_EQ(in_steps.step().boards, 0) << "at once it would tell what was taken back";
  moving.moment += std::chrono::hours(25);
  EXPECT_GT(in_steps.step().boards, 0) << "though nobody votes any more";
  EXPECT_EQ(in_steps.step().boards, 0);
}

// A vote that is taken back leaves every board as if it had never been cast, Elo's order
// included, and a segment that it alone made says that it has no votes.
TEST_F(rating_job_fixture, votes_that_are_taken_back_leave_no_trace) {
  store.arena.plan = plan_with_segments;
  cast_many(1, 90);
  for (auto& v : store.votes) {
    if (v.transaction % 7 == 3) v.withdrawn = v.transaction;      // within the same step
    if (v.transaction % 7 == 5) v.withdrawn = v.transaction + 9;  // in the next one
    if (v.v.day == "2026-11-25") v.withdrawn = 95;                // the whole day, in the last
  }
  for (store.oldest_running = 10; store.oldest_running <= 100; store.oldest_running += 10)
    job.step();
  const auto in_steps = bodies();
  EXPECT_EQ(job.rebuild().boards, 0) << "counting every vote afresh gives the same bytes";
  const auto emptied = in_steps.at({1, "bradley_terry", "day:2026-11-25"});
  EXPECT_EQ(emptied.find("\"votes\":0") == std::string::npos, false) << emptied;

  std::erase_if(store.votes, [](const auto& v) { return v.withdrawn < 100; });
  store.kept = {.arena = 1};
  store.boards.clear();
  store.counts.clear();
  rating_job never_cast(store, clock);
  never_cast.step();
  for (const auto& [key, body] : bodies()) EXPECT_EQ(body, in_steps.at(key)) << key.segment;
}

TEST_F(rating_job_fixture, a_job_that_takes_over_goes_on_from_the_stored_tallies) {
  store.arena.plan = plan_with_segments;
  cast_many(1, 90);
  for (store.oldest_running = 10; store.oldest_running <= 100; store.oldest_running += 10) {
    rating_job next(store, clock);
    next.step();
  }
  const auto by_many = bodies();
  EXPECT_EQ(job.rebuild().boards, 0) << "a rebuild found other boards";
  EXPECT_EQ(bodies(), by_many);
}

TEST_F(rating_job_fixture, a_rebuild_mends_tallies_that_are_wrong) {
  store.arena.plan = plan_with_segments;
  cast_many(1, 90);
  job.step();
  const auto right = bodies();
  store.counts["language:en"].add(1, 2, outcome::a);
  store.counts["day:2020-01-01"].add(1, 2, outcome::a);
  rating_job other(store, clock);
  cast(95, 1, 2, outcome::tie);
  store.votes.back().v.language = "en";
  store.votes.back().transaction = 105;
  store.oldest_running = 110;
  other.step();
  store.votes.pop_back();
  EXPECT_GT(other.rebuild().boards, 0);
  EXPECT_EQ(bodies(), right);
  EXPECT_TRUE(store.counts["day:2020-01-01"].empty());
}

TEST_F(rating_job_fixture, a_vote_moves_the_boards_of_its_segments_alone) {
  store.arena.plan = plan_with_segments;
  cast_many(1, 90);
  job.step();
  const int before = store.published;
  counted_vote v{1, 1, 2, outcome::a};
  v.language = "fr; drop";
  v.day = "2026-11-26";
  store.votes.push_back({105, v});
  store.oldest_running = 110;
  EXPECT_EQ(job.step().boards, 4) << "three of all votes and the new day";
  EXPECT_EQ(store.published, before + 4);
  EXPECT_EQ(store.boards.count({1, "bradley_terry", "day:2026-11-26"}), 1U);
}

TEST_F(rating_job_fixture, quarantined_votes_count_on_a_board_beside) {
  cast_many(1, 90);
  job.step();
  const std::int64_t all = store.kept.votes;
  EXPECT_EQ(store.counts.size(), 1U) << "nobody is in quarantine, so there is no board beside";
  store.arena.quarantine = "somebody";
  job.step();
  const auto unfiltered = store.boards.at({1, "bradley_terry", "quarantine:included"});
  EXPECT_EQ(store.kept.votes, 81);
  EXPECT_EQ(unfiltered.votes, 89);
  EXPECT_EQ(all, 81) << "the fake marks them as quarantined from the beginning";
  store.arena.quarantine = "";
  for (auto& v : store.votes) v.v.quarantined = false;
  job.step();
  EXPECT_EQ(store.kept.votes, 89);
  EXPECT_TRUE(store.counts["quarantine:included"].empty());
}

TEST_F(rating_job_fixture, other_boards_in_the_arena_file_are_computed_without_new_votes) {
  cast_many(1, 90);
  job.step();
  EXPECT_EQ(store.boards.size(), 2U);
  EXPECT_EQ(job.step().boards, 0);
  store.arena.plan = plan_with_segments;
  EXPECT_GT(job.step().boards, 0);
  EXPECT_EQ(store.boards.size(), 9U);
  store.arena.systems.emplace_back(4, "four");
  EXPECT_EQ(job.step().boards, 9) << "every board has a place for the new system";
  EXPECT_EQ(job.rebuild().boards, 0);
}

TEST_F(rating_job_fixture, a_failed_publication_is_done_again_without_counting_twice) {
  cast(50, 1, 2, outcome::a);
  store.fails_at_publish = true;
  EXPECT_THROW(job.step(), std::runtime_error);
  store.fails_at_publish = false;
  EXPECT_EQ(job.step().new_votes, 1);
  EXPECT_EQ(store.kept.votes, 1);
}

TEST_F(rating_job_fixture, another_job_that_was_here_is_noticed) {
  cast(50, 1, 2, outcome::a);
  job.step();
  store.kept.watermark = 105;  // the other one
  cast(101, 1, 2, outcome::b);
  store.oldest_running = 110;
  EXPECT_EQ(job.step().boards, 0);
  cast(107, 1, 2, outcome::b);
  EXPECT_EQ(job.step().new_votes, 1);
}

TEST_F(rating_job_fixture, without_the_lock_nothing_is_done) {
  cast(50, 1, 2, outcome::a);
  store.holds_lock = false;
  EXPECT_FALSE(job.step().elected);
  EXPECT_EQ(store.kept.votes, 0);
}

TEST(board_feed, keeps_the_newest_version_and_refuses_nonsense) {
  board_feed feed;
  EXPECT_TRUE(feed.publish_json(R"({"arena":1,"method":"elo","version":7,"votes":12})"));
  EXPECT_TRUE(feed.publish_json(R"({"arena":1,"method":"elo","version":6,"votes":11})"));
  EXPECT_TRUE(feed.publish_json(
      R"({"arena":1,"method":"elo","version":2,"votes":3,"segment":"language:en"})"));
  EXPECT_FALSE(feed.publish_json("{}"));
  EXPECT_FALSE(feed.publish_json("x"));
  ASSERT_EQ(feed.current(1).size(), 2U);
  EXPECT_EQ(feed.current(1)[0].version, 7);
  EXPECT_EQ(feed.current(1)[1].segment, "language:en");
  EXPECT_TRUE(feed.current(2).empty());
}

}  // namespace
}  // namespace agon::boards
