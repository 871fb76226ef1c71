#include "services/systems/pool.hpp"

#include "tests/unit/systems/bench.hpp"

namespace agon::systems::test {
namespace {

class pool_of_outputs : public bench {
 protected:
  pool_of_outputs() {
    std::filesystem::create_directories(root / "media" / "a");
    write(root / "media" / "a" / "1.wav", "RIFF");
    write(root / "secret.wav", "secret");
  }
  result<std::unique_ptr<system>> load(std::string_view rows) {
    write(root / "pool.jsonl", rows);
    return make_pool_system(pool.get_executor(), {root / "pool.jsonl", root / "media"});
  }
  // The fields that are complained of, and the first complaint.
  std::vector<std::string> complaints(std::string_view rows) {
    const auto loaded = load(rows);
    EXPECT_FALSE(loaded);
    if (loaded) return {};
    EXPECT_EQ(loaded.error().code, errc::invalid_input);
    detail = loaded.error().detail;
    std::vector<std::string> fields;
    for (const auto& f : loaded.error().fields) fields.push_back(f.field);
    return fields;
  }
  std::string detail;
};

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(pool_of_outputs, answers_its_prompts_exactly) {
  const auto system =
      load(R"({"prompt":"Hi","file":"a/1.wav","media_type":"audio/wav","generation_seconds":0.5})"
           "\n\n"
           R"({"prompt":"Hé","text":"Yes.","media_type":"text/plain"})");
  ASSERT_TRUE(system) << system.error().detail;
  EXPECT_THAT((*system)->prompts(), ElementsAre("Hi", "Hé"));

  const auto audio = wait_for((*system)->generate({"Hi", "", 1}, scratch));
  ASSERT_TRUE(audio) << audio.error().detail;
  EXPECT_EQ(audio->file.parent_path(), scratch);
  EXPECT_EQ(content(audio->file), "RIFF");
  EXPECT_EQ(audio->media_type, "audio/wav");
  EXPECT_EQ(audio->generation_seconds, 0.5);

  const auto text = wait_for((*system)->generate({"Hé", "", 1}, scratch));
  ASSERT_TRUE(text);
  EXPECT_EQ(text->text, "Yes.");

  const auto other = wait_for((*system)->generate({"hi", "", 1}, scratch));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, errc::unsupported);
}

TEST_F(pool_of_outputs, complaints_carry_their_line) {
  EXPECT_THAT(complaints(R"({"prompt":"1","text":"x"})"
                         "\n"
                         R"({"prompt":"2","text":"x","file":"a/1.wav"})"
                         "\n{\n"
                         R"({"prompt":"","text":"x"})"
                         "\n"
                         R"({"prompt":"5","file":"a/1.wav"})"
                         "\n"
                         R"({"prompt":"6","text":"x","colour":"red"})"
                         "\n"
                         R"({"prompt":"1","text":"again"})"),
              ElementsAre("/2", "/3", "/4/prompt", "/5/media_type", "/6/colour", "/7/prompt"));
  EXPECT_THAT(detail, HasSubstr("pool.jsonl, line 2: needs either file or text"));
}

TEST_F(pool_of_outputs, no_path_leaves_the_media_folder) {
  std::filesystem::create_symlink(root / "secret.wav", root / "media" / "link.wav");
  for (const std::string file :
       {"../secret.wav", "a/../../secret.wav", "link.wav", "a", "none.wav", "/etc/passwd", "."}) {
    const std::string row = R"({"prompt":"1","media_type":"audio/wav","file":")" + file + "\"}";
    EXPECT_THAT(complaints(row), ElementsAre("/1/file")) << file;
  }
  EXPECT_TRUE(load(R"({"prompt":"1","media_type":"audio/wav","file":"a/../a/1.wav"})"));
}

TEST_F(pool_of_outputs, complaints_are_bounded) {
  std::string rows;
  for (int i = 0; i < 100; ++i) rows += "nonsense\n";
  EXPECT_EQ(complaints(rows).size(), 20U);
}

TEST_F(pool_of_outputs, empty_or_missing_files_are_refused) {
  EXPECT_THAT(complaints(""), ElementsAre("/0"));
  EXPECT_FALSE(make_pool_system(pool.get_executor(), {root / "none.jsonl", root / "media"}));
  EXPECT_FALSE(make_pool_system(pool.get_executor(), {root, root / "media"}));
}

TEST_F(pool_of_outputs, file_removed_later_is_a_failure) {
  const auto system = load(R"({"prompt":"Hi","file":"a/1.wav","media_type":"audio/wav"})");
  ASSERT_TRUE(system);
  std::filesystem::remove(root / "media" / "a" / "1.wav");
  const auto made = wait_for((*system)->generate({"Hi", "", 1}, scratch));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::system_failed);
  EXPECT_TRUE(scratch_is_empty());
}

}  // namespace
}  // namespace agon::systems::test
