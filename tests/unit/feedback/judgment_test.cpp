#include "services/feedback/judgment.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/feedback/text_rules.hpp"

namespace agon::feedback {
namespace {

protocol speech() {
  protocol p;
  p.questions = {
      {.id = "overall",
       .kind = question_kind::comparison,
       .criterion = "overall",
       .label = "Which?",
       .required = true},
      {.id = "comment-a",
       .kind = question_kind::comment,
       .about = target::a,
       .criterion = "overall",
       .label = "A?",
       .max_length = 10},
      {.id = "comment", .kind = question_kind::comment, .criterion = "overall", .label = "Why?"}};
  return p;
}

judgment_context context() {
  judgment_context c;
  c.arena = 1;
  c.battle.value = *parse_uuid("01930000-0000-7000-8000-000000000001");
  c.participant.value = *parse_uuid("01930000-0000-7000-8000-000000000002");
  c.answered_at = *parse_rfc3339("2026-11-24T03:11:54.120Z");
  return c;
}

std::string complaints_of(const std::vector<answer>& answers) {
  const auto r = judge(speech(), answers, context());
  if (r) return "";
  std::string out;
  for (const field_error& f : r.error().fields) out += f.field + " " + f.reason + "; ";
  return out;
}

TEST(judge, the_vote_comes_first_and_is_canonical) {
  const auto r = judge(speech(), {{"comment", " clear \r\n voice "}, {"overall", "a"}}, context());
  ASSERT_TRUE(r);
  ASSERT_EQ(r->size(), 2U);
  EXPECT_EQ((*r)[0].winner, ratings::outcome::a);
  EXPECT_EQ(
      (*r)[0].body,
      R"({"after_reveal":false,"answered_at":"2026-11-24T03:11:54.120Z","arena":1,)"
      R"("battle":"01930000-0000-7000-8000-000000000001","criterion":"overall","kind":"comparison",)"
      R"("participant":"01930000-0000-7000-8000-000000000002","phase":"immediate","protocol_version":1,)"
      R"("question":"overall","source":"human","target":"battle","value":{"winner":"a"}})");
  EXPECT_NE((*r)[1].body.find(R"("text":"clear \n voice","type":"critique")"), std::string::npos)
      << (*r)[1].body;
}

TEST(judge, what_the_protocol_does_not_ask_is_refused_by_field) {
  EXPECT_EQ(complaints_of({{"overall", "c"}}),
            "/answers/0/value must be one of a, b, tie, both_bad; ");
  EXPECT_EQ(complaints_of({{"overall", "a"}, {"mood", "x"}}),
            "/answers/1/question is not asked by this arena; ");
  EXPECT_EQ(complaints_of({{"overall", "a"}, {"overall", "b"}}),
            "/answers/1/question is answered twice; ");
  EXPECT_EQ(complaints_of({{"overall", "a"}, {"comment-a", "01234567890"}}),
            "/answers/1/value must have at most 10 characters, has 11; ");
  EXPECT_EQ(complaints_of({{"overall", "a"}, {"comment", "a\x1b[31m"}}),
            "/answers/1/value holds control characters; ");
  EXPECT_EQ(complaints_of({{"comment", "  "}}), "/answers holds nothing to record; ");
}

TEST(judge, a_comment_without_the_vote_is_marked_as_given_after_the_reveal) {
  const auto r = judge(speech(), {{"comment", "late"}}, context());
  ASSERT_TRUE(r);
  EXPECT_NE((*r)[0].body.find(R"("after_reveal":true)"), std::string::npos);
}

TEST(judge, empty_comments_are_dropped) {
  const auto r = judge(speech(), {{"overall", "tie"}, {"comment-a", " \n"}}, context());
  ASSERT_TRUE(r);
  EXPECT_EQ(r->size(), 1U);
}

TEST(protocol, json_keeps_every_question) {
  const auto questions = speech().questions;
  EXPECT_EQ(questions_from_json(to_json(questions)), questions);
}

TEST(protocol, must_ask_exactly_one_vote) {
  protocol p = speech();
  EXPECT_TRUE(complaints(p).empty());
  p.questions[0].criterion = "clarity";
  EXPECT_EQ(complaints(p).size(), 1U);
  p.questions[1].id = "overall";
  EXPECT_EQ(complaints(p).size(), 2U);
}

TEST(text_rules, emoji_and_right_to_left_text_pass_and_overrides_do_not) {
  EXPECT_FALSE(has_forbidden_characters("שלום 👩‍👩‍👧 مرحبا\tx\n"));
  EXPECT_TRUE(
      has_forbidden_characters("a\xe2\x80\xae"
                               "b"));  // U+202E
  EXPECT_TRUE(has_forbidden_characters("a\x07"));
  EXPECT_TRUE(has_forbidden_characters("a\xc2\x85"));  // U+0085
  EXPECT_TRUE(has_forbidden_characters("\xef\xbf\xbf"));
}

TEST(text_rules, what_disguises_a_text_is_left_out) {
  EXPECT_EQ(tidy("safe\u202Etxt.exe\u202C"), "safetxt.exe");
  EXPECT_EQ(tidy("\u2066a\u2069 b"), "a b");
  EXPECT_EQ(tidy("Hi\U000E0049\U000E0067\U000E006E"), "Hi");  // "Ign" in tags
  EXPECT_EQ(tidy("שלום 👩‍👩‍👧 مرحبا"),
            "שלום 👩‍👩‍👧 مرحبا")
      << "joiners are part of words and emoji";
}

TEST(text_rules, a_text_that_nobody_can_see_is_empty) {
  for (const std::string_view unseen :
       {"", " \t\n", "\u200B\u200D\uFEFF", "\u202E\u2066", "\U000E0041\U000E0042", "\u00A0\u3000",
        "\u2800", "\u3164", "\u00AD\u034F", "\x07\x1b", "\uFE0F"})
    EXPECT_EQ(tidy(unseen), "") << testing::PrintToString(unseen);
}

TEST(text_rules, line_ends_become_line_feeds) {
  EXPECT_EQ(tidy("  a\r\nb\rc  "), "a\nb\nc");
  EXPECT_EQ(tidy(" \t\n "), "");
}

}  // namespace
}  // namespace agon::feedback
