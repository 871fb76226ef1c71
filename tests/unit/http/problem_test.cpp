#include "services/http/problem.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/http/conditional.hpp"

namespace agon::http {
namespace {

nlohmann::json body_of(const response& r) {
  return nlohmann::json::parse(std::get<std::string>(r.body));
}

std::string header_of(const response& r, std::string_view name) {
  for (const auto& [known, value] : r.headers)
    if (known == name) return value;
  return {};
}

TEST(problem, names_kind_fields_and_request) {
  error e = fail(errc::invalid_input, "Some fields are wrong.");
  e.fields = {{"/slots/0", "must be A or B"}};
  const response r = problem(e, "0123456789abcdef");
  EXPECT_EQ(r.status, 400);
  EXPECT_EQ(r.content_type, "application/problem+json");
  const auto body = body_of(r);
  EXPECT_EQ(body["type"], "/problems/" + std::string(name_of(errc::invalid_input)));
  EXPECT_EQ(body["detail"], "Some fields are wrong.");
  EXPECT_EQ(body["instance"], "0123456789abcdef");
  EXPECT_EQ(body["errors"][0]["pointer"], "/slots/0");
  EXPECT_EQ(body["errors"][0]["reason"], "must be A or B");
  EXPECT_FALSE(body.contains("retry_after"));
}

TEST(problem, tells_when_to_try_again) {
  error e = fail(errc::overloaded, "Busy.");
  e.retry_after = std::chrono::seconds(3);
  const response r = problem(e, "x");
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(header_of(r, "Retry-After"), "3");
  EXPECT_EQ(body_of(r)["retry_after"], 3);
}

TEST(problem, of_broken_text_is_still_json) {
  error e = fail(errc::invalid_input, "Wrong.");
  e.fields = {{"/cut\xC3", "is not known here"}};
  EXPECT_NO_THROW(body_of(problem(e, "x")));
}

TEST(status_of, is_an_error_for_every_code) {
  for (int c = static_cast<int>(errc::invalid_input); c <= static_cast<int>(errc::internal); ++c) {
    const unsigned status = status_of(static_cast<errc>(c));
    EXPECT_GE(status, 400) << c;
    EXPECT_LT(status, 600) << c;
  }
  EXPECT_EQ(status_of(errc::already_judged), 409);
  EXPECT_EQ(status_of(errc::too_many_requests), 429);
}

TEST(cached_json, is_not_sent_twice) {
  const response first = cached_json("{}", "");
  EXPECT_EQ(first.status, 200);
  const std::string etag = header_of(first, "ETag");
  EXPECT_EQ(cached_json("{}", etag).status, 304);
  EXPECT_EQ(cached_json("{}", "\"x\", W/" + etag).status, 304);
  EXPECT_EQ(cached_json("{}", "*").status, 304);
  EXPECT_EQ(cached_json("[]", etag).status, 200);
}

TEST(http_date, is_read_and_written) {
  const std::string text = "Sun, 06 Nov 1994 08:49:37 GMT";
  const auto t = parse_http_date(text);
  ASSERT_TRUE(t);
  EXPECT_EQ(t->time_since_epoch().count(), 784111777);
  EXPECT_EQ(http_date(*t), text);
  for (const std::string_view bad :
       {"", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT"})
    EXPECT_FALSE(parse_http_date(bad)) << bad;
}

}  // namespace
}  // namespace agon::http
