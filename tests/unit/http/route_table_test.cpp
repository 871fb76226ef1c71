#include "services/http/route_table.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace agon::http {
namespace {

constexpr std::string_view id = "018f2f3e-7b1a-7c3d-8e4f-0123456789ab";

awaitable<response> nothing(const request&) {
  co_return response{};
}

class routes : public ::testing::Test {
 protected:
  void add(method m, std::string_view pattern) { table_.add(m, pattern, nothing, {}); }

  // The pattern that answers, or "" if none does.
  std::string find(std::string_view path, std::optional<method> m = method::get) {
    path_ = path;  // the parameters point into it
    last_ = table_.match(m, path_, parameters_);
    return last_.found == nullptr ? "" : last_.found->pattern;
  }

  route_table table_;
  std::string path_;
  route_match last_;
  std::vector<std::pair<std::string_view, std::string_view>> parameters_;
};

TEST_F(routes, root_matches_only_itself) {
  add(method::get, "/");
  EXPECT_EQ(find("/"), "/");
  EXPECT_EQ(find("/a"), "");
  EXPECT_EQ(find("//"), "");
}

TEST_F(routes, literal_segments_match_exactly) {
  add(method::get, "/api/v1/arenas");
  EXPECT_EQ(find("/api/v1/arenas"), "/api/v1/arenas");
  EXPECT_EQ(find("/api/v1/arenas/"), "");
  EXPECT_EQ(find("/api/v1/arenass"), "");
  EXPECT_EQ(find("/api/v1"), "");
  EXPECT_EQ(find("/api//v1/arenas"), "");
  EXPECT_EQ(find("/API/v1/arenas"), "");
}

TEST_F(routes, uuid_parameter_matches_a_uuid_alone) {
  add(method::get, "/battles/{battle:uuid}");
  EXPECT_EQ(find("/battles/" + std::string(id)), "/battles/{battle:uuid}");
  ASSERT_EQ(parameters_.size(), 1);
  EXPECT_EQ(parameters_[0].first, "battle");
  EXPECT_EQ(parameters_[0].second, id);
  EXPECT_EQ(find("/battles/" + std::string(id) + "0"), "");
  EXPECT_EQ(find("/battles/speech"), "");
  EXPECT_EQ(find("/battles/"), "");
}

TEST_F(routes, slug_parameter_is_lower_case_and_short) {
  add(method::get, "/arenas/{arena:slug}/board");
  EXPECT_NE(find("/arenas/speech-v1.2_x/board"), "");
  EXPECT_NE(find("/arenas/" + std::string(64, 'a') + "/board"), "");
  EXPECT_EQ(find("/arenas/" + std::string(65, 'a') + "/board"), "");
  EXPECT_EQ(find("/arenas/Speech/board"), "");
  EXPECT_EQ(find("/arenas/-x/board"), "");
  EXPECT_EQ(find("/arenas/.x/board"), "");
  EXPECT_EQ(find("/arenas/a b/board"), "");
}

TEST_F(routes, path_parameter_takes_the_rest) {
  add(method::get, "/data/{file:path}");
  EXPECT_NE(find("/data/2026-11/votes.jsonl.zst"), "");
  EXPECT_EQ(parameters_.at(0).second, "2026-11/votes.jsonl.zst");
  EXPECT_EQ(find("/data/"), "");
  EXPECT_EQ(find("/data"), "");
  EXPECT_EQ(find("/data/a//b"), "");
  EXPECT_EQ(find("/data/a/"), "");
}

TEST_F(routes, literal_goes_before_parameters_and_search_comes_back) {
  add(method::get, "/a/new");
  add(method::get, "/a/{s:slug}");
  add(method::get, "/a/{u:uuid}");
  add(method::get, "/a/{s:slug}/edit");
  add(method::get, "/a/{p:path}");
  EXPECT_EQ(find("/a/new"), "/a/new");
  EXPECT_EQ(find("/a/old"), "/a/{s:slug}");
  EXPECT_EQ(find("/a/" + std::string(id)), "/a/{u:uuid}");
  EXPECT_EQ(find("/a/new/edit"), "/a/{s:slug}/edit");
  EXPECT_EQ(parameters_.at(0).second, "new");
  EXPECT_EQ(find("/a/" + std::string(id) + "/edit"), "/a/{s:slug}/edit");
  EXPECT_EQ(find("/a/new/other"), "/a/{p:path}");
  ASSERT_EQ(parameters_.size(), 1);
  EXPECT_EQ(parameters_.at(0).second, "new/other");
}

TEST_F(routes, other_methods_are_listed) {
  add(method::get, "/a");
  add(method::post, "/a");
  add(method::put, "/{s:slug}");
  EXPECT_EQ(find("/a", method::delete_), "");
  EXPECT_EQ(allow_header(last_.allowed), "GET, HEAD, POST, PUT, OPTIONS");
  EXPECT_EQ(find("/a", method::put), "/{s:slug}");
  EXPECT_EQ(find("/a", std::nullopt), "");
  EXPECT_NE(last_.allowed, 0);
  EXPECT_EQ(find("/b/c", method::put), "");
  EXPECT_EQ(last_.allowed, 0);
}

TEST_F(routes, head_is_answered_by_get) {
  add(method::get, "/a");
  EXPECT_EQ(find("/a", method::head), "/a");
}

TEST_F(routes, fallback_answers_reads_of_unknown_paths_only) {
  add(method::post, "/api/v1/battles");
  table_.set_fallback(nothing);
  EXPECT_EQ(find("/some/page"), "fallback");
  EXPECT_EQ(find("/some/page", method::head), "fallback");
  EXPECT_EQ(find("/some/page", method::post), "");
  EXPECT_EQ(find("/api/v1/battles"), "");
  EXPECT_NE(last_.allowed, 0);
}

TEST_F(routes, malformed_patterns_are_refused) {
  for (const std::string_view bad :
       {"", "a", "/a/", "//", "/a//b", "/{x}", "/{:uuid}", "/{x:int}", "/{x:uuid", "/x{y:uuid}",
        "/{p:path}/x", "/a%20b", "/{x:uuid}/{x:uuid}"})
    EXPECT_THROW(add(method::get, bad), std::invalid_argument) << bad;
  EXPECT_THROW(add(method::head, "/a"), std::invalid_argument);
  EXPECT_THROW(table_.add(method::get, "/a", nullptr, {}), std::invalid_argument);
}

TEST_F(routes, two_patterns_of_one_shape_are_ambiguous) {
  add(method::get, "/a/{x:uuid}");
  EXPECT_THROW(add(method::get, "/a/{y:uuid}"), std::invalid_argument);
  EXPECT_NO_THROW(add(method::post, "/a/{y:uuid}"));
  EXPECT_NO_THROW(add(method::get, "/a/{y:slug}"));
}

}  // namespace
}  // namespace agon::http
