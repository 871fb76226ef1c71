#include "services/http/request.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "services/http/address_counts.hpp"
#include "services/http/forwarded.hpp"
#include "services/http/host_check.hpp"
#include "services/http/origin_check.hpp"
#include "services/http/static_files.hpp"

namespace agon::http {
namespace {

request with(std::vector<std::pair<std::string_view, std::string_view>> headers) {
  request r;
  r.headers = std::move(headers);
  return r;
}

TEST(request_cookie, is_found_among_others) {
  const request r = with({{"cookie", "a=1; agon=x.y=; b=2"}, {"cookie", "c=3"}});
  EXPECT_EQ(r.cookie("agon"), "x.y=");
  EXPECT_EQ(r.cookie("c"), "3");
  EXPECT_EQ(r.cookie("go"), "");
}

TEST(request_query, is_decoded) {
  request r;
  r.query = "a=1&b=x%20y+z&b=2&c";
  EXPECT_EQ(r.query_parameter("b"), "x y z");
  EXPECT_EQ(r.query_parameter("c"), "");
  EXPECT_EQ(r.query_parameter("d"), std::nullopt);
}

TEST(request_parameter, that_the_route_lacks_is_a_mistake) {
  EXPECT_THROW((void)request{}.parameter("x"), std::out_of_range);
}

TEST(origin_policy, lets_own_pages_and_programs_write) {
  const origin_policy policy({"https://partner.example"});
  EXPECT_TRUE(policy.permits(with({{"host", "a.example"}})));
  EXPECT_TRUE(policy.permits(with({{"host", "a.example"}, {"sec-fetch-site", "same-origin"}})));
  EXPECT_TRUE(policy.permits(with({{"host", "a.example"}, {"sec-fetch-site", "none"}})));
  EXPECT_TRUE(policy.permits(with({{"host", "A.example"}, {"origin", "https://a.example"}})));
  EXPECT_TRUE(policy.permits(with({{"host", "a.example"},
                                   {"origin", "https://partner.example"},
                                   {"sec-fetch-site", "cross-site"}})));
}

TEST(origin_policy, refuses_other_sites) {
  const origin_policy policy({"https://partner.example"});
  for (const std::string_view site : {"cross-site", "same-site", "nonsense"})
    EXPECT_FALSE(policy.permits(with({{"host", "a.example"}, {"sec-fetch-site", site}}))) << site;
  for (const std::string_view origin :
       {"https://b.example", "null", "https://a.example.b", "https://a.example:1", "a.example",
        "https://x@a.example", "https://partner.example.evil"})
    EXPECT_FALSE(policy.permits(with({{"host", "a.example"}, {"origin", origin}}))) << origin;
}

TEST(host_policy, knows_its_own_names) {
  EXPECT_TRUE(host_policy({}).permits("whatever"));
  const host_policy policy({"agon.example.org", "other.example:8443", "[::1]"});
  for (const std::string_view ours :
       {"agon.example.org", "AGON.example.org:443", "other.example:8443", "[::1]", "[::1]:8080"})
    EXPECT_TRUE(policy.permits(ours)) << ours;
  for (const std::string_view other :
       {"", "example.org", "agon.example.org.evil.example", "127.0.0.1", "other.example",
        "other.example:80", "[::2]:8080"})
    EXPECT_FALSE(policy.permits(other)) << other;
  for (const std::string bad : {"", ":80", "https://agon.example.org", "a b"})
    EXPECT_THROW(host_policy({bad}), std::invalid_argument) << bad;
}

TEST(address_counts, give_each_address_its_share) {
  address_counts counts(2);
  const auto first = counts.take("192.0.2.1");
  {
    const auto second = counts.take("192.0.2.1");
    EXPECT_TRUE(first.taken() && second.taken());
    EXPECT_FALSE(counts.take("192.0.2.1").taken());
    EXPECT_TRUE(counts.take("192.0.2.2").taken());
  }
  EXPECT_TRUE(counts.take("192.0.2.1").taken()) << "a place comes back";
  address_counts all(0);
  EXPECT_TRUE(all.take("192.0.2.1").taken());
}

TEST(address_counts, take_a_network_of_ipv6_for_one) {
  EXPECT_EQ(address_group("2001:db8:1:2:3:4:5:6"), address_group("2001:db8:1:2::"));
  EXPECT_NE(address_group("2001:db8:1:2::1"), address_group("2001:db8:1:3::1"));
  EXPECT_NE(address_group("192.0.2.1"), address_group("192.0.2.2"));
  request r;
  r.client_address = redacted<std::string>("2001:db8:1:2:3:4:5:6");
  EXPECT_EQ(r.client_network(), address_group("2001:db8:1:2::1"));
}

TEST(trusted_proxies, believe_only_what_they_wrote) {
  const trusted_proxies proxies({"10.0.0.0/8", "::1"});
  const auto client = [&](std::string_view forwarded) {
    return proxies.client_of(with({{"x-forwarded-for", forwarded}}), "10.0.0.1");
  };
  EXPECT_EQ(client("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client("1.1.1.1, 192.0.2.7, 10.2.3.4"), "192.0.2.7");
  EXPECT_EQ(client("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client("nonsense"), "10.0.0.1");
  EXPECT_EQ(client("10.9.9.9"), "10.9.9.9");
  EXPECT_EQ(proxies.client_of(with({}), "10.0.0.1"), "10.0.0.1");
}

TEST(trusted_proxies, are_found_by_network) {
  using boost::asio::ip::make_address;
  const trusted_proxies proxies({"10.1.0.0/15", "2001:db8::/32"});
  EXPECT_FALSE(proxies.contains(make_address("10.2.0.1")));
  EXPECT_TRUE(proxies.contains(make_address("10.0.0.1")));
  EXPECT_TRUE(proxies.contains(make_address("10.1.255.1")));
  EXPECT_TRUE(proxies.contains(make_address("::ffff:10.1.0.1")));
  EXPECT_TRUE(proxies.contains(make_address("2001:db8:1::1")));
  EXPECT_FALSE(proxies.contains(make_address("2001:db9::1")));
  for (const std::string bad : {"10.0.0.0/33", "x", "10.0.0.1/", "10.0.0.1/8x"})
    EXPECT_THROW(trusted_proxies({bad}), std::invalid_argument) << bad;
}

TEST(accepts_coding, weighs_names_and_stars) {
  EXPECT_TRUE(accepts_coding("gzip, deflate, br", "br"));
  EXPECT_TRUE(accepts_coding("BR;q=0.5", "br"));
  EXPECT_TRUE(accepts_coding("*", "gzip"));
  EXPECT_FALSE(accepts_coding("*;q=0", "gzip"));
  EXPECT_FALSE(accepts_coding("br;q=0, *", "br"));
  EXPECT_FALSE(accepts_coding("brotli", "br"));
  EXPECT_FALSE(accepts_coding("", "br"));
}

}  // namespace
}  // namespace agon::http
