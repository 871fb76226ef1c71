#include "services/systems/transcoder.hpp"

#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"
#include "services/systems/normalise.hpp"
#include "services/systems/process.hpp"
#include "tests/unit/systems/bench.hpp"

namespace agon::systems::test {
namespace {

using namespace std::chrono_literals;

class transcoding : public bench {
 protected:
  void SetUp() override {
    command_options ffmpeg;
    ffmpeg.argv = {"ffmpeg"};
    if (!program_found(ffmpeg)) GTEST_SKIP() << "ffmpeg is not installed";
    std::filesystem::create_directory(root / "shown");
  }

  std::filesystem::path shown() const { return root / "shown"; }

  // A file made by ffmpeg from one of its generators.
  std::filesystem::path generated(const std::string& name, const std::string& source,
                                  std::vector<std::string> how = {}) {
    process_spec p;
    p.argv = {"ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", source};
    p.argv.insert(p.argv.end(), how.begin(), how.end());
    p.argv.push_back((root / name).string());
    p.environment = {"PATH=" + std::string(standard_path)};
    p.folder = root;
    p.file_bytes = 1UL << 30U;
    const auto ended = wait_for(run_process(p));
    if (!ended || ended->code != 0) throw std::runtime_error(ended->stderr_tail.reveal());
    return root / name;
  }
  result<media> transcode(const std::filesystem::path& in, const std::string& name = "x",
                          transcoder_options options = {}) {
    const auto t = make_transcoder(pool.get_executor(), pool.get_executor(), options);
    return wait_for(t->audio(in, shown(), name));
  }
  void expect_refused(const result<media>& made, errc code = errc::system_failed) const {
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, code);
    EXPECT_TRUE(std::filesystem::is_empty(shown()));
  }
};

const std::string pulses =
    "sine=frequency=300:duration=3,volume='0.2+0.7*gt(sin(9*t),0)':eval=frame";

TEST_F(transcoding, result_is_described_truly) {
  const auto made = transcode(generated("in.wav", pulses), "Random_name-1");
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->file, shown() / "Random_name-1.wav");
  const auto bytes = content(made->file);
  EXPECT_EQ(made->bytes, bytes.size());
  EXPECT_EQ(made->sha256, crypto::to_hex(crypto::bytes_of(crypto::sha256(bytes))));
  EXPECT_EQ(made->media_type, "audio/wav");
  EXPECT_NEAR(made->seconds, 3.35, 0.1);
  EXPECT_EQ(made->peaks.size(), 200U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(shown()), {}), 1);
}

TEST_F(transcoding, same_input_never_gives_the_same_bytes) {
  const auto in = generated("in.flac", pulses);
  const auto first = transcode(in, "a");
  const auto second = transcode(in, "b");
  ASSERT_TRUE(first && second);
  EXPECT_NE(content(first->file), content(second->file));
  EXPECT_NEAR(first->seconds, second->seconds, 0.1);
}

TEST_F(transcoding, nothing_of_the_source_is_left_but_its_sound) {
  const auto in = generated("in.flac", pulses,
                            {"-metadata", "title=SECRETNAME", "-metadata", "artist=SECRETNAME"});
  ASSERT_NE(content(in).find("SECRETNAME"), std::string::npos);
  const auto made = transcode(in);
  ASSERT_TRUE(made) << made.error().detail;
  const auto bytes = content(made->file);
  EXPECT_EQ(bytes.find("SECRETNAME"), std::string::npos);
  EXPECT_EQ(bytes.find("Lavf"), std::string::npos);
  // A header of one form chunk, then the samples to the end: no place for tags.
  EXPECT_EQ(bytes.substr(0, 4) + bytes.substr(8, 8) + bytes.substr(36, 4), "RIFFWAVEfmt data");
  const auto data = static_cast<unsigned char>(bytes[40]) |
                    (static_cast<unsigned char>(bytes[41]) << 8U) |
                    (static_cast<unsigned char>(bytes[42]) << 16U) |
                    (static_cast<unsigned char>(bytes[43]) << 24U);
  EXPECT_EQ(static_cast<std::size_t>(data) + 44, bytes.size());
}

TEST_F(transcoding, every_format_rate_and_channel_count_becomes_one) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> sources{
      {"8k.wav", {"-ar", "8000"}},    {"48k-stereo.flac", {"-ar", "48000", "-ac", "2"}},
      {"u8.wav", {"-c:a", "pcm_u8"}}, {"float.wav", {"-c:a", "pcm_f32le"}},
      {"low.mp3", {"-b:a", "32k"}},   {"opus.ogg", {"-c:a", "libopus"}},
      {"aac.m4a", {"-c:a", "aac"}}};
  for (const auto& [name, how] : sources) {
    const auto made = transcode(generated(name, pulses, how));
    ASSERT_TRUE(made) << name << ": " << made.error().detail;
    EXPECT_EQ(content(made->file).substr(8, 28),
              std::string("WAVEfmt \x10\0\0\0\1\0\1\0\xC0\x5D\0\0\x80\xBB\0\0\2\0\x10\0", 28))
        << name;
    EXPECT_NEAR(made->seconds, 3.35, 0.12) << name;
    EXPECT_NEAR(made->loudness_lufs, shown_lufs, 0.1) << name;
    std::filesystem::remove(made->file);
  }
}

// The level is measured by another implementation too: ffmpeg's ebur128.
double measured_by_ffmpeg(const std::string& report) {
  const auto at = report.rfind("I:");
  return at == std::string::npos ? 0 : std::stod(report.substr(at + 2));
}

TEST_F(transcoding, whisper_and_shout_come_out_equally_loud) {
  const auto whisper =
      transcode(generated("whisper.wav", "anoisesrc=d=4:c=pink:a=0.02:seed=1"), "whisper");
  const auto shout =
      transcode(generated("shout.wav", "sine=frequency=440:duration=6,volume=18dB"), "shout");
  ASSERT_TRUE(whisper && shout);
  for (const auto& made : {*whisper, *shout}) {
    process_spec p;
    p.argv = {"ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-i", made.file.string(),
              "-af",    "ebur128",  "-f",           "null",     "-"};
    p.environment = {"PATH=" + std::string(standard_path)};
    p.folder = root;
    const auto ended = wait_for(run_process(p));
    ASSERT_TRUE(ended);
    EXPECT_NEAR(measured_by_ffmpeg(ended->stderr_tail.reveal()), shown_lufs, 0.5);
    EXPECT_NEAR(made.loudness_lufs, shown_lufs, 0.1);
  }
}

TEST_F(transcoding, silence_and_snippets_are_refused) {
  expect_refused(transcode(generated("silence.wav", "anullsrc=d=3")));
  expect_refused(transcode(generated("snippet.wav", "sine=duration=0.15")));
}

TEST_F(transcoding, audio_over_the_length_is_refused) {
  transcoder_options o;
  o.max_length = 2s;
  expect_refused(transcode(generated("long.wav", "sine=duration=2.2"), "x", o));
  expect_refused(transcode(generated("longer.wav", "sine=duration=500"), "x", o));
  EXPECT_TRUE(transcode(generated("fits.wav", "sine=duration=1.9"), "x", o));
}

TEST_F(transcoding, what_is_not_audio_is_refused) {
  write(root / "text.wav", "This is no audio at all. " + std::string(10'000, 'x'));
  write(root / "empty.wav", "");
  write(root / "head.wav", "RIFF\x10\x10\x10\x10WAVEfmt ");
  write(root / "zeros.wav", std::string(1'000'000, '\0'));
  for (const char* name : {"text.wav", "empty.wav", "head.wav", "zeros.wav", "none.wav"}) {
    SCOPED_TRACE(name);
    expect_refused(transcode(root / name));
  }
  SCOPED_TRACE("folder");
  expect_refused(transcode(root));
}

TEST_F(transcoding, playlists_cannot_name_other_files) {
  generated("secret.wav", pulses);
  const auto secret = (root / "secret.wav").string();
  write(root / "concat.wav", "ffconcat version 1.0\nfile '" + secret + "'\n");
  write(root / "list.wav",
        "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n" + secret + "\n#EXT-X-ENDLIST\n");
  std::filesystem::create_symlink(secret, root / "link.wav");
  for (const char* name : {"concat.wav", "list.wav", "link.wav"}) {
    SCOPED_TRACE(name);
    expect_refused(transcode(root / name));
  }
}

TEST_F(transcoding, gigabyte_is_refused_unread) {
  write(root / "huge.wav", "RIFF");
  std::filesystem::resize_file(root / "huge.wav", 1UL << 30U);
  expect_refused(transcode(root / "huge.wav"));
}

TEST_F(transcoding, name_is_a_name_and_no_path) {
  const auto in = generated("in.wav", pulses);
  for (const std::string& name : {std::string("../x"), std::string("a/b"), std::string(),
                                  std::string(129, 'x'), std::string("a.wav")}) {
    expect_refused(transcode(in, name), errc::invalid_input);
  }
}

TEST_F(transcoding, full_queue_is_told) {
  const auto in = generated("in.wav", pulses);
  transcoder_options o;
  o.concurrency = 1;
  o.queue = 1;
  const auto t = make_transcoder(pool.get_executor(), pool.get_executor(), o);
  std::vector<std::future<result<media>>> calls;
  for (int i = 0; i < 20; ++i) calls.push_back(start(t->audio(in, shown(), std::to_string(i))));
  int made = 0;
  for (auto& call : calls) {
    const auto answer = call.get();
    made += answer ? 1 : 0;
    if (!answer) EXPECT_EQ(answer.error().code, errc::overloaded);
  }
  EXPECT_GE(made, 2);
  EXPECT_LT(made, 20);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(shown()), {}), made);
}

}  // namespace
}  // namespace agon::systems::test
