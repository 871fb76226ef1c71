#include "services/systems/pcm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <set>

#include "services/systems/normalise.hpp"

namespace agon::systems::test {
namespace {

std::vector<float> tone(double hertz, double amplitude, double seconds, unsigned rate = 24'000) {
  std::vector<float> out;
  for (std::size_t i = 0; i < static_cast<std::size_t>(seconds * rate); ++i) {
    out.push_back(static_cast<float>(
        amplitude * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / rate)));
  }
  return out;
}

std::vector<float> joined(std::vector<float> a, const std::vector<float>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::int16_t sample(const std::string& wav, std::size_t index) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(wav[44 + i]); };
  return static_cast<std::int16_t>(byte(2 * index) | (byte(2 * index + 1) << 8U));
}

// BS.1770-4: a 997 Hz sine of full scale in one channel reads -3.01 LUFS, at any rate.
TEST(loudness, agrees_with_the_recommendation) {
  EXPECT_NEAR(pcm::loudness(tone(997, 1, 5, 48'000), 48'000), -3.01, 0.02);
  EXPECT_NEAR(pcm::loudness(tone(997, 1, 5), 24'000), -3.01, 0.05);
  EXPECT_NEAR(pcm::loudness(tone(997, 0.1, 5), 24'000), -23.01, 0.05);
  // K-weighting takes low frequencies less seriously.
  EXPECT_LT(pcm::loudness(tone(40, 1, 5), 24'000), -6);
}

TEST(loudness, gate_leaves_silence_out) {
  const auto speech = tone(997, 0.1, 5);
  const auto with_pause = joined(joined(speech, std::vector<float>(24'000 * 5)), speech);
  EXPECT_NEAR(pcm::loudness(with_pause, 24'000), pcm::loudness(speech, 24'000), 0.3);
}

TEST(loudness, short_clip_has_one_and_silence_has_none) {
  EXPECT_NEAR(pcm::loudness(tone(997, 0.1, 0.25), 24'000), -23.0, 0.5);
  EXPECT_TRUE(std::isinf(pcm::loudness(std::vector<float>(24'000), 24'000)));
  EXPECT_TRUE(std::isinf(pcm::loudness({}, 24'000)));
}

// A sine at a quarter of the rate, sampled 45° off its crests, peaks 3 dB above its samples.
TEST(true_peak, is_found_between_the_samples) {
  std::vector<float> wave;
  for (int i = 0; i < 4000; ++i) {
    wave.push_back(static_cast<float>(std::sin(std::numbers::pi * (i / 2.0 + 0.25))));
  }
  EXPECT_NEAR(*std::max_element(wave.begin(), wave.end()), 0.7071, 1e-3);
  EXPECT_NEAR(pcm::true_peak(wave), 1.0, 0.03);
}

TEST(audible, ends_where_the_sound_ends) {
  const auto clip =
      joined(joined(std::vector<float>(24'000), tone(400, 0.3, 1)), std::vector<float>(12'000));
  const auto heard = pcm::audible(clip, 24'000);
  ASSERT_TRUE(heard);
  EXPECT_NEAR(static_cast<double>(heard->begin), 24'000, 2);
  EXPECT_NEAR(static_cast<double>(heard->end), 48'000, 2);
  EXPECT_FALSE(pcm::audible(std::vector<float>(24'000), 24'000));
  EXPECT_FALSE(pcm::audible(tone(400, 1e-4, 1), 24'000));
  EXPECT_FALSE(pcm::audible({}, 24'000));
}

TEST(audible, does_not_depend_on_the_silence_around_it) {
  const auto sound = tone(400, 0.3, 1);
  const auto plain = pcm::audible(sound, 24'000);
  for (const std::size_t lead : {1U, 100U, 239U, 500U}) {
    auto clip = joined(std::vector<float>(lead), sound);
    clip.resize(clip.size() + lead * 3);
    const auto heard = pcm::audible(clip, 24'000);
    ASSERT_TRUE(heard);
    EXPECT_EQ(heard->begin - lead, plain->begin) << lead;
    EXPECT_EQ(heard->end - lead, plain->end) << lead;
  }
}

TEST(normalise, gives_the_same_silence_around_every_clip) {
  for (const std::size_t lead : {0U, 100U, 5'000U, 48'000U}) {
    auto clip = joined(std::vector<float>(lead), tone(400, 0.3, 1));
    clip.resize(clip.size() + lead * 2);
    const auto made = normalise(clip, 1);
    ASSERT_TRUE(made);
    EXPECT_NEAR(made->seconds, 1.35, 0.061) << lead;
    for (std::size_t i = 0; i < shown_padding - 500; ++i) {
      ASSERT_LE(std::abs(sample(made->wav, i)), 1) << lead;
    }
  }
}

TEST(normalise, gives_the_same_sound_other_bytes_and_another_length_each_time) {
  const auto clip = tone(400, 0.3, 1);
  std::set<std::string> bytes;
  std::set<std::size_t> lengths;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto made = normalise(clip, seed);
    ASSERT_TRUE(made);
    bytes.insert(made->wav);
    lengths.insert(made->wav.size());
  }
  EXPECT_EQ(bytes.size(), 50U);
  EXPECT_GE(lengths.size(), 45U);
  EXPECT_EQ(normalise(clip, 7)->wav, normalise(clip, 7)->wav) << "by the seed alone";
}

TEST(normalise, adds_no_more_noise_than_one_step) {
  const auto clip = tone(400, 0.3, 1);
  const auto one = pcm::quantised(clip, 1, 1);
  const auto other = pcm::quantised(clip, 1, 2);
  std::size_t same = 0;
  for (std::size_t i = 0; i < clip.size(); ++i) {
    ASSERT_NEAR(one[i], clip[i] * 32767, 1.51);
    same += one[i] == other[i] ? 1 : 0;
  }
  EXPECT_LT(same, clip.size() * 3 / 4);
}

TEST(normalise, brings_loud_and_soft_to_one_level) {
  const auto loud = normalise(tone(300, 0.9, 4), 1);
  const auto soft = normalise(tone(300, 0.004, 4), 1);
  ASSERT_TRUE(loud && soft);
  EXPECT_NEAR(loud->loudness_lufs, shown_lufs, 0.01);
  EXPECT_NEAR(soft->loudness_lufs, shown_lufs, 0.01);
}

TEST(normalise, holds_the_true_peak_before_the_level) {
  auto clicks = tone(300, 0.001, 2);
  for (std::size_t i = 0; i < clicks.size(); i += 6'000) clicks[i] = 1.0F;
  const auto made = normalise(clicks, 1);
  ASSERT_TRUE(made);
  EXPECT_LT(made->loudness_lufs, shown_lufs);
  int largest = 0;
  for (std::size_t i = 0; i * 2 + 44 < made->wav.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<int>(sample(made->wav, i))));
  }
  EXPECT_LE(largest, static_cast<int>(largest_true_peak * 32768) + 2);
  EXPECT_GT(largest, 20'000);
}

TEST(normalise, refuses_what_cannot_be_heard) {
  auto broken = tone(300, 0.5, 1);
  broken[100] = std::numeric_limits<float>::quiet_NaN();
  for (const auto& clip : {std::vector<float>{}, std::vector<float>(48'000), tone(300, 0.5, 0.15),
                           tone(300, 1e-4, 2), broken}) {
    const auto made = normalise(clip, 1);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, errc::system_failed);
  }
  EXPECT_TRUE(normalise(tone(300, 0.5, 0.25), 1));
}

TEST(normalise, size_tells_the_duration_and_nothing_else) {
  const auto pure = normalise(tone(300, 0.5, 1), 1);
  auto noise = tone(300, 0.5, 1);
  std::uint32_t state = 1;
  for (float& s : noise) {
    state = state * 1664525U + 1013904223U;
    s = static_cast<float>(state >> 16U) / 65536.0F - 0.5F;
  }
  noise.front() = 0;  // as a tone begins
  const auto rough = normalise(noise, 1);
  ASSERT_TRUE(pure && rough);
  EXPECT_EQ(pure->wav.size(), rough->wav.size());
}

TEST(waveform, has_its_columns_and_its_largest_at_255) {
  std::vector<std::int16_t> samples(1000, 100);
  samples[990] = -200;
  const auto columns = pcm::waveform(samples, 200);
  ASSERT_EQ(columns.size(), 200U);
  EXPECT_EQ(columns.front(), 127);
  EXPECT_EQ(columns[198], 255);
  EXPECT_EQ(pcm::waveform(std::vector<std::int16_t>(7, 5), 200).size(), 200U);
}

}  // namespace
}  // namespace agon::systems::test
