#include "privacy/pii/redact.hpp"

#include <gtest/gtest.h>

namespace agon::pii {
namespace {

TEST(redact, values_keep_their_placeholder_through_a_conversation) {
  conversation_state state;
  EXPECT_EQ(redact("a@x.org and b@x.org, then A@X.ORG", state).text,
            "<EMAIL_ADDRESS_1> and <EMAIL_ADDRESS_2>, then <EMAIL_ADDRESS_1>");
  EXPECT_EQ(redact("b@x.org at 192.0.2.7", state).text, "<EMAIL_ADDRESS_2> at <IP_ADDRESS_1>");
  conversation_state other;
  EXPECT_EQ(redact("b@x.org", other).text, "<EMAIL_ADDRESS_1>");
}

TEST(redact, spelling_of_a_value_does_not_make_another_one) {
  conversation_state state;
  EXPECT_EQ(
      redact("4111 1111 1111 1111, 4111-1111-1111-1111, ４１１１１１１１１１１１１１１１", state)
          .text,
      "<CREDIT_CARD_1>, <CREDIT_CARD_1>, <CREDIT_CARD_1>");
}

TEST(redact, counts_by_kind) {
  conversation_state state;
  const redaction r = redact("a@x.org b@x.org +44 20 7946 0958", state);
  EXPECT_EQ(r.found[static_cast<std::size_t>(kind::email_address)], 2);
  EXPECT_EQ(r.found[static_cast<std::size_t>(kind::phone_number)], 1);
  EXPECT_EQ(r.found[static_cast<std::size_t>(kind::iban_code)], 0);
}

TEST(redact, nothing_is_found_in_what_it_gives) {
  const std::string parts[] = {
      "4111 1111 ", "1111 1111", "+44",  " 20 79", "46 0958",
      "@",          "a.b",       ".com", "DE89",   " 3704 0044 0532 0130 00",
      "192.",       "0.2.7",     "::1",  "\u200b", "４",
      "call ",      "<",         "_1>"};
  std::uint32_t seed = 11;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 14; ++i) {
      seed = seed * 1664525U + 1013904223U;
      text += parts[(seed >> 16U) % std::size(parts)];
    }
    conversation_state state;
    const std::string once = redact(text, state).text;
    ASSERT_TRUE(find(once).empty()) << text << "\n" << once;
    ASSERT_EQ(redact(once, state).text, once);
  }
}

TEST(redact, harmless_text_is_not_touched) {
  conversation_state state;
  const std::string text = "Schöne Grüße, 你好 — 3 × 4 = 12 \u200b";
  EXPECT_EQ(redact(text, state).text, text);
}

}  // namespace
}  // namespace agon::pii
