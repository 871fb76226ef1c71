// The systems of arenas/speech.yaml, as they are: each really speaks, and none obeys.
#include <yaml-cpp/yaml.h>

#include <set>

#include "services/systems/normalise.hpp"
#include "services/systems/transcoder.hpp"
#include "tests/unit/systems/bench.hpp"

namespace agon::systems::test {
namespace {

struct entry {
  std::string id;
  command_options options;
};

std::uint64_t bytes_of(const std::string& text) {
  const std::uint64_t number = std::stoull(text);
  return text.ends_with("GiB") ? number << 30U : number << 20U;
}

std::vector<entry> registered() {
  std::vector<entry> all;
  const auto file = YAML::LoadFile(AGON_SOURCE_DIR "/arenas/speech.yaml");
  for (const auto& node : file["systems"]) {
    entry e{node["id"].as<std::string>(), {}};
    e.options.argv = node["command"]["argv"].as<std::vector<std::string>>();
    for (const auto& rule : node["command"]["prompt_replace"])
      e.options.prompt_replace.push_back(
          {rule["text"].as<std::string>(), "", rule["with"].as<std::string>()});
    e.options.timeout =
        std::chrono::seconds(std::stoi(node["command"]["timeout"].as<std::string>()));
    e.options.memory_bytes = bytes_of(node["command"]["memory"].as<std::string>());
    all.push_back(std::move(e));
  }
  return all;
}

class synthesisers : public bench {
 protected:
  // Only those that are installed; says which are not.
  std::vector<entry> installed() const {
    std::vector<entry> here;
    for (auto& e : registered()) {
      if (program_found(e.options)) {
        here.push_back(e);
      } else {
        std::cout << "not installed: " << e.id << " (" << e.options.argv[0] << ")\n";
      }
    }
    return here;
  }

  // Like a battle: generated, then made anonymous.
  result<media> speak(const entry& e, const std::string& prompt, double* seconds = nullptr) {
    const auto folder = root / ("scratch-" + e.id + std::to_string(++count_));
    std::filesystem::create_directory(folder);
    const auto system = make(e.options);
    const auto raw = wait_for(system->generate({prompt, "en", 1}, folder));
    if (!raw) return raw.error();
    if (seconds != nullptr) *seconds = raw->generation_seconds;
    return wait_for(transcoder_->audio(raw->file, scratch, e.id + "-" + std::to_string(count_)));
  }

  bool has_ffmpeg() const {
    command_options o;
    o.argv = {"ffmpeg"};
    return program_found(o);
  }

 private:
  int count_ = 0;
  std::unique_ptr<transcoder> transcoder_ =
      make_transcoder(pool.get_executor(), pool.get_executor());
};

TEST_F(synthesisers, arena_has_enough_of_them) {
  const auto all = registered();
  EXPECT_GE(all.size(), 7U);
  std::set<std::string> ids;
  for (const auto& e : all) ids.insert(e.id);
  EXPECT_EQ(ids.size(), all.size());
  const auto prompts = YAML::LoadFile(AGON_SOURCE_DIR "/arenas/speech.yaml")["prompts"];
  EXPECT_GE(prompts.size(), 40U);
}

TEST_F(synthesisers, each_speaks_at_the_common_level) {
  const auto here = installed();
  if (here.empty() || !has_ffmpeg()) GTEST_SKIP() << "no synthesiser or no ffmpeg is installed";
  std::set<std::string> different;
  for (const auto& e : here) {
    SCOPED_TRACE(e.id);
    double seconds = 0;
    const auto made =
        speak(e, "The quick brown fox jumps over the lazy dog near the river.", &seconds);
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_GT(made->seconds, 2);
    EXPECT_LT(made->seconds, 8);
    EXPECT_NEAR(made->loudness_lufs, shown_lufs, 1);
    different.insert(made->sha256);
    RecordProperty(e.id, std::to_string(seconds));
    std::cout << e.id << ": " << seconds << " s for " << made->seconds << " s of speech\n";
  }
  EXPECT_EQ(different.size(), here.size());
}

// Whoever could write phonemes would know by the first word which side is eSpeak NG.
TEST_F(synthesisers, none_takes_brackets_for_phonemes) {
  const auto here = installed();
  if (here.empty()) GTEST_SKIP() << "no synthesiser is installed";
  const auto spoken = [&](const entry& e, const std::string& prompt) {
    const auto raw = wait_for(make(e.options)->generate({prompt, "en", 1}, scratch));
    EXPECT_TRUE(raw) << e.id;
    return raw ? content(raw->file) : std::string();
  };
  for (const auto& e : here) {
    if (!e.id.starts_with("espeak")) continue;
    for (const std::string gap : {"", "\u00AD", "\u200B", "\uFEFF", " "})
      EXPECT_EQ(spoken(e, "Well, [" + gap + "[w'an]] is said."),
                spoken(e, "Well, (" + gap + "(w'an)) is said."))
          << e.id << " with " << gap;
    entry unguarded = e;
    unguarded.options.prompt_replace.clear();
    EXPECT_NE(spoken(unguarded, "Well, [[w'an]] is said."), spoken(e, "Well, [[w'an]] is said."));
  }
}

TEST_F(synthesisers, hostile_prompts_are_spoken_or_refused_and_nothing_else) {
  const auto here = installed();
  if (here.empty() || !has_ffmpeg()) GTEST_SKIP() << "no synthesiser or no ffmpeg is installed";
  const auto trap = (root / "trap").string();
  const std::vector<std::string> prompts{
      "(system \"touch " + trap + "\") $(touch " + trap + ") `touch " + trap + "`",
      "-w " + trap,
      "<?xml version=\"1.0\"?><SABLE><EVAL>(system \"touch " + trap + "\")</EVAL></SABLE>",
      "[[h@l'oU]] <audio src=\"file:///etc/passwd\"/> [[",
      "\xF0\x9F\x98\x80\xF0\x9F\x8E\x89 مرحبا بالعالم",
      "...",
  };
  const std::set<std::string> one_of_each_kind{"espeak-ng-us", "flite-slt", "festival-kal"};
  for (const auto& e : here) {
    if (!one_of_each_kind.contains(e.id)) continue;
    for (const auto& prompt : prompts) {
      SCOPED_TRACE(e.id + ": " + prompt);
      const auto made = speak(e, prompt);
      // What it cannot say is a failure, so that another system takes its place; never
      // silence in a battle.
      if (!made) EXPECT_EQ(made.error().code, errc::system_failed) << made.error().detail;
      if (made) EXPECT_GT(made->seconds, 0.5);
    }
  }
  EXPECT_FALSE(std::filesystem::exists(trap));
}

}  // namespace
}  // namespace agon::systems::test
