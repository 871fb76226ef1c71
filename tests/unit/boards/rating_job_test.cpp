#include "services/boards/rating_job.hpp"

#include <gtest/gtest.h>

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
  };
  std::vector<vote> votes;
  rating_progress kept{.arena = 1};
  std::vector<stored_board> boards;
  std::uint64_t oldest_running = 100;
  bool holds_lock = true;
  bool fails_at_publish = false;

  bool elected() override { return holds_lock; }
  std::vector<rated_arena> arenas() override {
    return {{1, "speech", {{1, "one"}, {2, "two"}, {3, "three"}}}};
  }
  rating_progress progress(int) override { return kept; }
  std::uint64_t horizon() override { return oldest_running; }
  void read_votes(int, std::uint64_t from, std::uint64_t to,
                  const std::function<void(const counted_vote&)>& each) override {
    for (const vote& v : votes)
      if (v.transaction >= from && v.transaction < to) each(v.v);
  }
  bool publish(std::uint64_t expected, const rating_progress& p,
               const std::vector<stored_board>& b) override {
    if (fails_at_publish) throw std::runtime_error("PostgreSQL is away");
    if (kept.watermark != expected) return false;
    kept = p;
    boards = b;
    return true;
  }
};

using ratings::outcome;

struct rating_job_fixture : testing::Test {
  fake_store store;
  system_clock_source clock;
  rating_job job{store, clock};
  void cast(std::uint64_t transaction, int a, int b, outcome o) {
    store.votes.push_back({transaction, {1, a, b, o}});
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

TEST_F(rating_job_fixture, in_steps_or_at_once_the_boards_have_the_same_bytes) {
  for (std::uint64_t t = 1; t < 90; ++t)
    cast(t, static_cast<int>(t % 3) + 1, static_cast<int>((t + 1) % 3) + 1,
         static_cast<outcome>(t * 7 % 4));
  for (store.oldest_running = 10; store.oldest_running <= 100; store.oldest_running += 10)
    job.step();
  const auto in_steps = store.boards;
  store.kept = {.arena = 1};
  rating_job again(store, clock);
  again.step();
  ASSERT_EQ(in_steps.size(), store.boards.size());
  for (std::size_t i = 0; i < in_steps.size(); ++i)
    EXPECT_EQ(in_steps[i].body, store.boards[i].body);
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
  EXPECT_FALSE(feed.publish_json("{}"));
  EXPECT_FALSE(feed.publish_json("x"));
  ASSERT_EQ(feed.current(1).size(), 1U);
  EXPECT_EQ(feed.current(1)[0].version, 7);
  EXPECT_TRUE(feed.current(2).empty());
}

}  // namespace
}  // namespace agon::boards
