#include "services/routing/request_schema.hpp"

#include <gtest/gtest.h>

namespace agon::routing {
namespace {

constexpr const char* music_request = R"({
  "type": "object",
  "required": ["duration"],
  "additionalProperties": false,
  "properties": {
    "instrumental": {"type": "boolean", "title": "Instrumental"},
    "lyrics": {"type": "string", "maxLength": 20, "x-unless": "instrumental"},
    "duration": {"type": "number", "minimum": 5, "maximum": 300, "default": 30},
    "bpm": {"type": "integer", "minimum": 40, "maximum": 240},
    "language": {"type": "string", "enum": ["en", "de"]},
    "steps": {"type": "number", "multipleOf": 0.1}
  }
})";

std::string mistakes(std::string_view schema) {
  const auto made = request_schema::compile(schema);
  if (made) return "none";
  std::string out;
  for (const field_error& f : made.error().fields) out += f.field + " " + f.reason + "\n";
  return out.empty() ? made.error().detail : out;
}

std::string complaints(const request& r) {
  const auto schema = request_schema::compile(music_request).value();
  std::string out;
  for (const field_error& f : schema.complaints(r)) out += f.field + " " + f.reason + "\n";
  return out;
}

TEST(request_schema, fields_keep_the_order_of_the_file_and_find_their_rule_by_name) {
  const auto schema = request_schema::compile(music_request).value();
  std::string names;
  for (const request_field& f : schema.fields()) names += f.name + " ";
  EXPECT_EQ(names, "instrumental lyrics duration bpm language steps ");
  EXPECT_EQ(schema.find("duration")->rule, field_rule::duration);
  EXPECT_EQ(schema.find("steps")->rule, field_rule::none);
  EXPECT_EQ(schema.find(field_rule::bpm)->name, "bpm");
  EXPECT_TRUE(schema.find("duration")->required);
  EXPECT_EQ(schema.find("tempo"), nullptr);
}

TEST(request_schema, a_good_request_has_no_complaints) {
  EXPECT_EQ(complaints({}), "");
  EXPECT_EQ(complaints({{"duration", 12.5},
                        {"bpm", std::int64_t{120}},
                        {"lyrics", std::string("la la")},
                        {"instrumental", false},
                        {"language", std::string("de")},
                        {"steps", 0.3}}),
            "");
}

TEST(request_schema, every_complaint_names_the_field_and_what_would_do) {
  EXPECT_EQ(complaints({{"bpm", 120.5}}), "/request/bpm must be a whole number\n");
  EXPECT_EQ(complaints({{"bpm", std::int64_t{300}}}), "/request/bpm must be from 40 to 240\n");
  EXPECT_EQ(complaints({{"duration", std::string("long")}}),
            "/request/duration must be a number\n");
  EXPECT_EQ(complaints({{"language", std::string("fr")}}),
            "/request/language must be one of en, de\n");
  EXPECT_EQ(complaints({{"lyrics", std::string(21, 'x')}}),
            "/request/lyrics must have at most 20 characters, has 21\n");
  EXPECT_EQ(complaints({{"lyrics", std::string("a\x01")}}),
            "/request/lyrics holds control characters\n");
  EXPECT_EQ(complaints({{"instrumental", std::string("yes")}}),
            "/request/instrumental must be true or false\n");
  EXPECT_EQ(complaints({{"steps", 0.35}}), "/request/steps must be a multiple of 0.1\n");
  EXPECT_EQ(complaints({{"tempo", true}}), "/request/tempo is not a field of this arena\n");
  EXPECT_EQ(complaints({{"instrumental", true}, {"lyrics", std::string("la")}}),
            "/request/lyrics does not go with instrumental\n");
}

TEST(request_schema, length_is_counted_in_code_points) {
  EXPECT_EQ(complaints({{"lyrics", std::string("äöüäöüäöüäöüäöüäöüäö")}}), "");
}

TEST(request_schema, defaults_fill_what_is_absent_and_meet_requirements) {
  const auto schema = request_schema::compile(music_request).value();
  EXPECT_EQ(to_json(schema.completed({})), R"({"duration":30})");
  EXPECT_EQ(to_json(schema.completed({{"duration", 7.5}})), R"({"duration":7.5})");
  EXPECT_TRUE(schema.missing({}).empty());
  const auto strict = request_schema::compile(
      R"({"required": ["seed"], "properties": {"seed": {"type": "integer"}}})");
  ASSERT_EQ(strict->missing({}).size(), 1U);
  EXPECT_EQ(strict->missing({})[0].field, "/request/seed");
}

TEST(request_schema, mistakes_of_the_file_are_all_told) {
  EXPECT_EQ(mistakes("{}"), "/properties must name 1 to 32 fields\n");
  EXPECT_EQ(mistakes("[]"), "The body must be a JSON object.");
  EXPECT_EQ(mistakes(R"({"properties": {"Bad": {"type": "text"}, "b": 1}, "allOf": []})"),
            "/allOf is not known here\n"
            "/properties/Bad must be named with a-z, 0-9 and _\n"
            "/properties/Bad/type must be one of string, integer, number, boolean\n"
            "/properties/b must be a mapping of keywords\n");
  EXPECT_EQ(mistakes(R"({"properties": {"n": {"type": "integer", "minimum": 5, "maximum": 1,
                         "default": 2.5, "pattern": "x", "minLength": 1}}})"),
            "/properties/n/type is not a string, so it has neither minLength nor maxLength\n"
            "/properties/n/maximum is below the minimum\n"
            "/properties/n/default must be a whole number\n"
            "/properties/n/pattern is not known here\n");
  EXPECT_EQ(mistakes(R"({"properties": {"l": {"type": "string", "enum": ["a", "a", 1, null],
                         "default": "c", "x-rule": "bpm"}}})"),
            "/properties/l/enum/1 stands twice\n"
            "/properties/l/enum/2 must be a text\n"
            "/properties/l/enum/3 must be true, false, a number or a text\n"
            "/properties/l/default must be one of a\n"
            "/properties/l/x-rule does not fit the field's type\n");
  EXPECT_EQ(mistakes(R"({"required": ["x"], "additionalProperties": true,
                         "properties": {"l": {"type": "string", "x-unless": "l"}}})"),
            "/additionalProperties must be false: what is not declared is refused\n"
            "/required/0 must be the name of a field\n"
            "/properties/l/x-unless must be the name of another, boolean field\n");
}

TEST(request, json_there_and_back) {
  const auto r =
      request_from_json(R"({"b":true,"n":2.5,"i":30.0,"t":"x","none":null,"big":-12})").value();
  EXPECT_EQ(to_json(r), R"({"b":true,"big":-12,"i":30,"n":2.5,"t":"x"})");
  EXPECT_TRUE(std::holds_alternative<std::int64_t>(r.at("i")));
  const auto bad = request_from_json(R"({"a":[1],"o":{}})");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().fields[0].field, "/a");
  EXPECT_EQ(bad.error().fields.size(), 2U);
}

}  // namespace
}  // namespace agon::routing
