#include "services/core/json_reader.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace agon {
namespace {

TEST(json_reader, every_complaint_names_its_field) {
  const auto document = *parse_object(R"({"prompt":7,"extra":1,"events":[{"slot":"z"},3]})");
  json_reader in(document);
  in.text("prompt");
  in.integer("count", 0, 5);
  for (json_reader& event : in.objects("events", 1, 10)) event.one_of("slot", {"a", "b"});
  const auto bad = in.finish();
  ASSERT_TRUE(bad);
  std::string all;
  for (const field_error& f : bad->fields) all += f.field + " " + f.reason + "; ";
  EXPECT_EQ(all,
            "/prompt must be a string; /count is missing; /events/1 must be an object; "
            "/events/0/slot must be one of a, b; /extra is not known here; ");
}

TEST(json_reader, length_is_counted_in_code_points) {
  const auto document = *parse_object(R"({"prompt":"ab😀"})");
  json_reader in(document);
  EXPECT_EQ(in.text("prompt", {.min = 1, .max = 3}), "ab😀");
  EXPECT_FALSE(in.finish());
}

TEST(json_reader, hostile_text_is_refused) {
  EXPECT_EQ(parse_object(std::string(100, '[')).error().code, errc::invalid_input);
  EXPECT_EQ(parse_object("[]").error().code, errc::invalid_input);
  EXPECT_EQ(parse_object(R"({"a":1,"a":2})").error().code, errc::invalid_input);
  EXPECT_EQ(parse_object("{\"a\":\"\xff\"}").error().code, errc::invalid_input);
  EXPECT_EQ(parse_object(R"({"a":"\u0000"})").error().code, errc::invalid_input);
  EXPECT_EQ(parse_object(R"({"a":1e999})").error().code, errc::invalid_input);
  EXPECT_EQ(parse_object(R"({"a":1} x)").error().code, errc::invalid_input);
  EXPECT_EQ(parse_object("").error().code, errc::invalid_input);
  EXPECT_EQ(parse_object("{\"a\":\"" + std::string(70'000, 'x') + "\"}").error().code,
            errc::payload_too_large);
  EXPECT_EQ(parse_object(std::string(R"({"a":1})") + '\0' + R"({"a":2})").error().code,
            errc::invalid_input);
}

TEST(json_reader, null_is_no_number) {
  const auto document = *parse_object(R"({"sequence":null,"position":null,"cut":null})");
  json_reader in(document);
  in.integer("sequence", 0, 5);
  in.number("position", 0, 5);
  in.boolean("cut");
  const auto bad = in.finish();
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->fields.size(), 3U);
}

TEST(json_reader, complaints_come_to_an_end) {
  std::string text = "{";
  for (int i = 0; i < 5000; ++i) text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
  const auto document = *parse_object(text + "}");
  json_reader in(document);
  EXPECT_LE(in.finish().value().fields.size(), 64U);
}

}  // namespace
}  // namespace agon
