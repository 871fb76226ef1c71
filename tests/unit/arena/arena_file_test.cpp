#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "services/arena/arena.hpp"

namespace agon::arena {
namespace {

std::string read(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

const char* minimal = R"(id: test
title: Test
description: A test.
modality: audio
prompt_label: Say
consent:
  title: Terms
  text: Be kind.
  purposes:
    - {id: take_part, label: I take part, required: true}
protocol:
  questions:
    - {id: overall, kind: comparison, label: "Which is better?"}
release: {licence: CC-BY-4.0}
systems:
  - {id: one, name: One, maker: M, licence: MIT, description: D, adapter: command, command: {argv: [cat]}}
  - {id: two, name: Two, maker: M, licence: MIT, description: D, adapter: command, command: {argv: [cat]}}
)";

TEST(arena_file, every_example_is_valid) {
  const auto a = parse_arena(read(AGON_SOURCE_DIR "/arenas/speech.yaml"));
  if (!a)
    for (const field_error& f : a.error().fields) ADD_FAILURE() << f.field << " " << f.reason;
  ASSERT_TRUE(a) << a.error().detail;
  EXPECT_GE(a->systems.size(), 7U);
  EXPECT_GE(a->prompts.size(), 20U);
}

TEST(arena_file, defaults_are_filled_in) {
  const auto a = parse_arena(minimal);
  ASSERT_TRUE(a);
  EXPECT_EQ(a->release.cool_off_hours, 72);
  EXPECT_EQ(a->consent.sha256.size(), 64U);
  EXPECT_EQ(a->protocol.vote().id, "overall");
}

TEST(arena_file, another_consent_text_has_another_hash) {
  std::string other = minimal;
  other.replace(other.find("Be kind."), 8, "Be fair.");
  EXPECT_NE(parse_arena(minimal)->consent.sha256, parse_arena(other)->consent.sha256);
}

TEST(arena_file, mistakes_name_line_and_field) {
  std::string bad = minimal;
  bad.replace(bad.find("modality: audio"), 15, "modality: smell");
  bad.replace(bad.find("id: two"), 7, "id: one");
  bad += "colour: red\n";
  const auto a = parse_arena(bad);
  ASSERT_FALSE(a);
  std::string all;
  for (const field_error& f : a.error().fields) all += f.field + " " + f.reason + "\n";
  EXPECT_EQ(all,
            "line 4: modality must be one of audio, text, image\n"
            "line 17: systems[1].id stands twice\n"
            "line 18: colour is not known here\n");
}

TEST(arena_file, text_that_is_no_yaml_is_refused_with_its_line) {
  const auto a = parse_arena("id: x\n  : : [");
  ASSERT_FALSE(a);
  EXPECT_TRUE(a.error().detail.starts_with("line 2")) << a.error().detail;
  EXPECT_FALSE(parse_arena("- just\n- a list\n"));
  EXPECT_FALSE(parse_arena(""));
}

}  // namespace
}  // namespace agon::arena
