// What the client is made of and can be tested without a network.
#include <gtest/gtest.h>

#include "services/outgoing/address_rules.hpp"
#include "services/outgoing/breaker.hpp"
#include "services/outgoing/endpoint.hpp"
#include "services/outgoing/event_parser.hpp"
#include "services/outgoing/retry.hpp"

namespace agon::outgoing::test {
namespace {

using namespace std::chrono_literals;

TEST(endpoint, parts_are_read) {
  const auto e = parse_endpoint("HTTPS://API.Example.org/v1/");
  ASSERT_TRUE(e);
  EXPECT_EQ(*e, (endpoint{true, "api.example.org", 443, "/v1", false}));
  EXPECT_EQ(e->authority(), "api.example.org");
  const auto six = parse_endpoint("http://[::1]:8080");
  ASSERT_TRUE(six);
  EXPECT_EQ(*six, (endpoint{false, "::1", 8080, "", true}));
  EXPECT_EQ(six->authority(), "[::1]:8080");
}

TEST(endpoint, what_cannot_be_reached_safely_is_refused) {
  for (const char* bad :
       {"", "example.org", "ftp://example.org", "file:///etc/passwd", "https://", "https:///x",
        "https://user:key@example.org", "https://example.org?key=1", "https://example.org#x",
        "https://example.org:0", "https://example.org:99999", "https://exa mple.org",
        "https://ex%20ample.org", "https://-x.org", "https://.org"}) {
    EXPECT_FALSE(parse_endpoint(bad)) << bad;
  }
}

TEST(endpoint, answers_can_only_point_to_the_same_place) {
  const auto here = *parse_endpoint("https://api.example.org/v1");
  EXPECT_EQ(*target_at(here, "https://api.example.org/files/1.png?sig=a%20b"),
            "/files/1.png?sig=a%20b");
  EXPECT_EQ(*target_at(here, "https://API.example.org:443/x"), "/x");
  EXPECT_EQ(*target_at(here, "/files/1"), "/files/1");
  for (const char* bad :
       {"", "http://api.example.org/x", "https://evil.org/x", "https://api.example.org.evil.org/x",
        "https://api.example.org:8443/x", "//evil.org/x", "https://api.example.org@evil.org/x",
        "https://u@api.example.org/x", "file:///etc/passwd", "data:image/png;base64,AA", "relative",
        "javascript:alert(1)", "https://169.254.169.254/", "/a\r\nb", "/a b"}) {
    EXPECT_FALSE(target_at(here, bad)) << bad;
  }
}

TEST(address_rules, inside_and_reserved_networks_are_known) {
  const auto of = [](const char* a) { return reach_of(boost::asio::ip::make_address(a)); };
  for (const char* a : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "::ffff:8.8.8.8",
                        "64:ff9b::808:808", "2002:808:808::1"})
    EXPECT_EQ(of(a), reach::open) << a;
  for (const char* a :
       {"127.0.0.1", "127.255.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "100.64.0.1", "::1", "fc00::1", "fdff::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "198.18.0.1", "fd00:ec2::254", "2002:a00:1::"})
    EXPECT_EQ(of(a), reach::inside) << a;
  for (const char* a :
       {"0.0.0.0", "169.254.169.254", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
        "::", "::7f00:1", "fe80::1", "ff02::1", "2001:db8::1", "2001::1", "::ffff:169.254.169.254"})
    EXPECT_EQ(of(a), reach::never) << a;
}

TEST(event_parser, line_ends_comments_and_fields) {
  const std::string stream =
      "\xef\xbb\xbf"
      "data: a\r\n\r\n: comment\n\nid: 7\nretry: 10\nevent: x\ndata\ndata:  b\r\rdata: lost";
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    event_parser p(100);
    std::vector<event> all;
    for (const std::string& part : {stream.substr(0, cut), stream.substr(cut)}) {
      const auto some = p.feed(part);
      ASSERT_TRUE(some) << cut;
      all.insert(all.end(), some->begin(), some->end());
    }
    ASSERT_EQ(all.size(), 2U) << cut;
    EXPECT_EQ(all[0].data, "a");
    EXPECT_EQ(all[1].type, "x");
    EXPECT_EQ(all[1].data, "\n b");
  }
}

TEST(event_parser, events_have_a_limit_and_comments_do_not_add_up) {
  event_parser p(50);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(p.feed(": keep alive\n"));
  EXPECT_TRUE(p.feed("data: " + std::string(40, 'x') + "\n\n"));
  EXPECT_FALSE(p.feed("data: " + std::string(60, 'x')));
  EXPECT_FALSE(p.feed("\n\ndata: a\n\n")) << "for ever";
}

TEST(breaker, opens_probes_and_closes) {
  breaker b({2, 100ms, 300ms});
  breaker::time now{};
  EXPECT_TRUE(b.may_pass(now));
  b.failed(now);
  EXPECT_TRUE(b.may_pass(now));
  b.failed(now);
  EXPECT_FALSE(b.may_pass(now));
  EXPECT_EQ(b.closed_for(now), 100ms);
  now += 100ms;
  EXPECT_TRUE(b.may_pass(now)) << "the probe";
  EXPECT_FALSE(b.may_pass(now)) << "one alone";
  b.failed(now);
  EXPECT_EQ(b.closed_for(now), 200ms);
  now += 200ms;
  EXPECT_TRUE(b.may_pass(now));
  b.gave_up();
  EXPECT_TRUE(b.may_pass(now)) << "a probe that told nothing is not the last";
  b.failed(now);
  EXPECT_EQ(b.closed_for(now), 300ms) << "not for ever longer";
  now += 300ms;
  EXPECT_TRUE(b.may_pass(now));
  b.succeeded();
  EXPECT_TRUE(b.may_pass(now));
  b.failed(now);
  EXPECT_TRUE(b.may_pass(now)) << "counts from zero again";
}

TEST(breaker, successes_between_failures_keep_it_closed) {
  breaker b({2, 100ms, 300ms});
  const breaker::time now{};
  for (int i = 0; i < 10; ++i) {
    b.failed(now);
    b.succeeded();
  }
  EXPECT_TRUE(b.may_pass(now));
}

TEST(retry_after, both_forms_are_read) {
  const auto now = *parse_rfc3339("1994-11-06T08:49:07Z");
  EXPECT_EQ(parse_retry_after("120", now), 120s);
  EXPECT_EQ(parse_retry_after("0", now), 0s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), 30s);
  EXPECT_EQ(parse_retry_after("99999999", now), 24h) << "nobody waits longer";
  for (const char* bad : {"", "-1", "soon", "1.5", "Sun, 06 Nov 1994 08:49:00 GMT",
                          "Sun, 31 Feb 2094 08:49:00 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"})
    EXPECT_FALSE(parse_retry_after(bad, now)) << bad;
}

TEST(pause_before, grows_with_jitter_up_to_a_limit) {
  crypto::system_random random;
  const retry_limits limits{5, 100ms, 350ms};
  for (int i = 0; i < 100; ++i) {
    const auto first = pause_before(1, limits, random);
    EXPECT_GE(first, 50ms);
    EXPECT_LE(first, 100ms);
    const auto second = pause_before(2, limits, random);
    EXPECT_GE(second, 100ms);
    EXPECT_LE(second, 200ms);
    const auto tenth = pause_before(10, limits, random);
    EXPECT_GE(tenth, 175ms);
    EXPECT_LE(tenth, 350ms);
  }
}

}  // namespace
}  // namespace agon::outgoing::test
