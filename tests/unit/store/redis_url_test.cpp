#include "services/store/redis/redis_url.hpp"

#include <gtest/gtest.h>

namespace agon::store {
namespace {

TEST(redis_url, names_a_socket) {
  const auto url = parse_redis_url("unix:///run/agon/redis.sock");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->socket, "/run/agon/redis.sock");
  EXPECT_TRUE(url->host.empty());
}

TEST(redis_url, names_a_host_with_all_its_parts) {
  const auto url = parse_redis_url("redis://agon:p%40ss@cache.example:6380/3");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "cache.example");
  EXPECT_EQ(url->port, 6380);
  EXPECT_EQ(url->user, "agon");
  EXPECT_EQ(url->password.reveal(), "p@ss");
  EXPECT_EQ(url->database, 3);
}

TEST(redis_url, has_the_usual_port_and_database) {
  const auto url = parse_redis_url("redis://localhost");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->port, 6379);
  EXPECT_EQ(url->database, 0);
  EXPECT_TRUE(url->password.reveal().empty());
}

TEST(redis_url, refuses_anything_else_without_quoting_it) {
  for (const char* bad :
       {"", "localhost:6379", "http://localhost", "redis://", "unix://host/path", "unix:///",
        "redis://localhost/x", "redis://localhost:0", "redis://localhost/-1", "redis://:secret@"}) {
    const auto url = parse_redis_url(bad);
    ASSERT_FALSE(url) << bad;
    EXPECT_EQ(url.error().code, errc::invalid_input);
    EXPECT_EQ(url.error().detail.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace agon::store
