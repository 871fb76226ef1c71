#include "services/routing/signature.hpp"

#include <gtest/gtest.h>

namespace agon::routing {
namespace {

const request_schema& schema() {
  static const auto made = request_schema::compile(R"({"properties": {
      "duration": {"type": "number", "default": 30}, "bpm": {"type": "integer"},
      "lyrics": {"type": "string"}, "instrumental": {"type": "boolean"},
      "language": {"type": "string"}}})")
                               .value();
  return made;
}

signature short_instrumental() {
  signature s;
  s.accepts = {{.field = "duration", .minimum = 1, .maximum = 47},
               {.field = "lyrics", .must_be_absent = true}};
  s.ignores = {"bpm"};
  return s;
}

std::string told(const verdict& v) {
  std::string out(name_of(v.level));
  for (const support_reason& r : v.reasons)
    out += "; " + r.field + " " + r.text + " (" + std::string(name_of(r.level)) + ")";
  return out;
}

std::string check(const signature& s, const request& r, const battle_needs& needs = {}) {
  return told(check_support(s, schema(), r, needs));
}

TEST(check_support, a_system_without_conditions_takes_everything) {
  EXPECT_EQ(check({}, {{"duration", 500.0}, {"lyrics", std::string("la")}}), "full");
}

TEST(check_support, values_inside_are_full_and_outside_none) {
  const signature s = short_instrumental();
  EXPECT_EQ(check(s, {{"duration", std::int64_t{47}}}), "full");
  EXPECT_EQ(check(s, {{"duration", 47.5}}), "none; duration must be at most 47 (none)");
  EXPECT_EQ(check(s, {{"duration", 0.5}}), "none; duration must be at least 1 (none)");
  EXPECT_EQ(check(s, {}), "full");
}

TEST(check_support, what_must_be_absent_may_be_empty) {
  const signature s = short_instrumental();
  EXPECT_EQ(check(s, {{"lyrics", std::string()}}), "full");
  EXPECT_EQ(check(s, {{"lyrics", std::string("la")}}), "none; lyrics cannot be given (none)");
}

TEST(check_support, ignored_fields_are_partial_unless_they_are_as_usual) {
  signature s = short_instrumental();
  s.ignores = {"bpm", "duration", "instrumental"};
  EXPECT_EQ(check(s, {{"bpm", std::int64_t{90}}}), "partial; bpm is without effect (partial)");
  EXPECT_EQ(check(s, {{"duration", std::int64_t{30}}, {"instrumental", false}}), "full");
  EXPECT_EQ(check(s, {{"duration", std::int64_t{31}}}),
            "partial; duration is without effect (partial)");
}

TEST(check_support, beyond_may_be_partial_and_the_worst_reason_counts) {
  signature s = short_instrumental();
  s.accepts[0].beyond = support::partial;
  EXPECT_EQ(check(s, {{"duration", std::int64_t{60}}}),
            "partial; duration must be at most 47 (partial)");
  EXPECT_EQ(check(s, {{"duration", std::int64_t{60}}, {"lyrics", std::string("la")}}),
            "none; duration must be at most 47 (partial); lyrics cannot be given (none)");
}

TEST(check_support, languages_cover_their_regions_and_the_prompts_language_counts) {
  signature s;
  s.accepts = {{.field = "language", .any_of = {"en", "pt"}}};
  EXPECT_EQ(check(s, {{"language", std::string("pt-BR")}}), "full");
  EXPECT_EQ(check(s, {{"language", std::string("EN")}}), "full");
  EXPECT_EQ(check(s, {{"language", std::string("enm")}}),
            "none; language must be one of en, pt (none)");
  EXPECT_EQ(check(s, {}, {.language = "de"}), "none; language must be one of en, pt (none)");
  EXPECT_EQ(check(s, {{"language", std::string("en")}}, {.language = "de"}), "full");
  EXPECT_EQ(check(s, {}), "full");
}

TEST(check_support, modalities_and_turns) {
  signature s;
  s.emits = "audio";
  EXPECT_EQ(check(s, {}, {.inputs = {"text", "image"}}),
            "none; inputs holds image, which is not taken (none)");
  EXPECT_EQ(check(s, {}, {.emits = "image"}),
            "none; emits asks for image, which is not made (none)");
  EXPECT_EQ(check(s, {}, {.emits = "audio", .turns = 2}),
            "none; turns asks for more than 1 turn (none)");
  s.turns = 3;
  s.inputs = {"text", "image"};
  EXPECT_EQ(check(s, {}, {.inputs = {"text", "image"}, .emits = "audio", .turns = 3}), "full");
}

std::string explain(const std::vector<verdict>& verdicts) {
  const error e = explain_misfit(verdicts, schema());
  std::string out(name_of(e.code));
  for (const field_error& f : e.fields) out += "; " + f.field + " " + f.reason;
  return out;
}

TEST(explain_misfit, names_the_field_whose_change_alone_would_do) {
  const request r = {{"duration", std::int64_t{300}}, {"lyrics", std::string("la")}};
  signature sings = short_instrumental();
  sings.accepts.pop_back();
  const auto of = [&](const signature& s) { return check_support(s, schema(), r, {}); };
  // Two that sing but are short, one that is short and does not sing.
  EXPECT_EQ(explain({of(sings), of(sings), of(short_instrumental())}),
            "request-unsupported; /request/duration must be at most 47");
  // No single change would do: everything is told.
  EXPECT_EQ(explain({of(short_instrumental()), of(short_instrumental())}),
            "request-unsupported; /request/duration must be at most 47; "
            "/request/lyrics cannot be given");
}

TEST(explain_misfit, tells_the_easiest_bound_that_lets_two_meet) {
  signature a, b, c;
  a.accepts = {{.field = "duration", .maximum = 10}};
  b.accepts = c.accepts = {{.field = "duration", .maximum = 60}};
  const request r = {{"duration", std::int64_t{300}}};
  std::vector<verdict> all;
  for (const signature* s : {&a, &b, &c}) all.push_back(check_support(*s, schema(), r, {}));
  EXPECT_EQ(explain(all), "request-unsupported; /request/duration must be at most 60");
}

TEST(explain_misfit, an_arena_without_systems_blames_nobody) {
  EXPECT_EQ(explain({}), "request-unsupported");
  EXPECT_EQ(explain({verdict{}}), "request-unsupported");
}

TEST(signature, mistakes_are_found_beside_the_schema) {
  signature s;
  s.accepts = {{.field = "tempo"},
               {.field = "lyrics", .maximum = 3},
               {.field = "duration", .minimum = 5, .maximum = 1},
               {.field = "duration"},
               {.field = "language", .any_of = {"en"}}};
  s.ignores = {"mood"};
  std::string out;
  for (const field_error& f : complaints(s, schema())) out += f.field + " " + f.reason + "\n";
  EXPECT_EQ(out,
            "accepts.tempo is not a field of this arena's request\n"
            "accepts.lyrics is not a number, so it has neither min nor max\n"
            "accepts.duration has a min above its max\n"
            "accepts.duration stands twice\n"
            "ignores names mood, which is not a field of this arena's request\n");
}

}  // namespace
}  // namespace agon::routing
