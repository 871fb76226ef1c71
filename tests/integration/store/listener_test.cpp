#include "services/store/postgres/listener.hpp"

#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>

#include "services/store/postgres/rating_store.hpp"
#include "tests/integration/store/sample_data.hpp"

namespace agon::test {
namespace {

// What a listener has told so far.
class ears {
 public:
  void hear(const std::string& text) {
    const std::lock_guard lock(mutex_);
    heard_.push_back(text);
    changed_.notify_all();
  }
  void connected() {
    const std::lock_guard lock(mutex_);
    ++connections_;
    changed_.notify_all();
  }
  std::string next() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return heard_.size() > given_; })) return "";
    return heard_[given_++];
  }
  bool wait_for_connection(int number) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return connections_ >= number; });
  }

 private:
  static constexpr std::chrono::seconds patience{30};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> heard_;
  std::size_t given_ = 0;
  int connections_ = 0;
};

class listener : public testing::Test {
 protected:
  listener() { add_arena(db); }
  crypto::system_random random;
  database db;
  ears heard;
  store::listener listening{db.settings(), store::board_channel,
                            [this](const std::string& text) { heard.hear(text); },
                            [this] { heard.connected(); }, random};
};

TEST_F(listener, board_that_is_published_is_heard) {
  ASSERT_TRUE(heard.wait_for_connection(1));
  boards::stored_board b;
  b.arena = 1;
  b.method = "elo";
  b.computed_at = now();
  b.votes = 123;
  b.inputs_sha256 = std::string(64, '0');
  const auto ratings = store::make_rating_store(db.settings("agon_rate"));
  ASSERT_TRUE(ratings->publish({0, {1, 1, "{}", 123, "", ""}, false, {}, {b}}));
  EXPECT_EQ(heard.next(),
            R"({"arena" : 1, "method" : "elo", "version" : 1, "votes" : 123, "segment" : ""})");
}

TEST_F(listener, hears_again_after_a_restart) {
  ASSERT_TRUE(heard.wait_for_connection(1));
  postgres_server::instance().stop();
  postgres_server::instance().start();
  ASSERT_TRUE(heard.wait_for_connection(2));
  db.sql("notify agon_board, 'again'");
  EXPECT_EQ(heard.next(), "again");
}

}  // namespace
}  // namespace agon::test
