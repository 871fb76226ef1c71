#include "services/systems/image.hpp"

#include <set>

#include "services/systems/process.hpp"
#include "tests/unit/systems/bench.hpp"

namespace agon::systems::test {
namespace {

class image : public bench {
 protected:
  void SetUp() override {
    command_options ffmpeg;
    ffmpeg.argv = {"ffmpeg"};
    if (!program_found(ffmpeg)) GTEST_SKIP() << "ffmpeg is not installed";
    std::filesystem::create_directory(root / "shown");
  }
  // A picture with a comment inside.
  std::filesystem::path drawn(const std::string& name, const std::string& size = "64x48") {
    process_spec p;
    p.argv = {"ffmpeg",
              "-nostdin",
              "-loglevel",
              "error",
              "-f",
              "lavfi",
              "-i",
              "testsrc=size=" + size + ":rate=1:duration=1",
              "-frames:v",
              "1",
              "-metadata",
              "comment=made by SecretModel",
              (root / name).string()};
    p.environment = {"PATH=" + std::string(standard_path)};
    p.folder = root;
    p.file_bytes = 1UL << 30U;
    const auto ended = wait_for(run_process(p));
    if (!ended || ended->code != 0) throw std::runtime_error(ended->stderr_tail.reveal());
    return root / name;
  }
  result<media> show(const std::filesystem::path& in) {
    const auto t = make_transcoder(pool.get_executor(), pool.get_executor());
    return wait_for(t->image(in, root / "shown", "x"));
  }
  static std::vector<std::string> chunks(const std::string& png) {
    std::vector<std::string> all;
    for (std::size_t at = 8; at + 12 <= png.size();) {
      std::size_t length = 0;
      for (std::size_t i = 0; i < 4; ++i)
        length = length << 8U | static_cast<unsigned char>(png[at + i]);
      const std::string type = png.substr(at + 4, 4);
      if (all.empty() || all.back() != type) all.push_back(type);
      at += length + 12;
    }
    return all;
  }
};

TEST_F(image, every_format_becomes_a_png_of_pixels_alone) {
  for (const char* name : {"a.png", "a.jpg", "a.webp"}) {
    std::filesystem::path in;
    try {
      in = drawn(name);
    } catch (const std::runtime_error&) {
      continue;  // this ffmpeg cannot write it
    }
    const auto made = show(in);
    ASSERT_TRUE(made) << name << made.error().detail;
    EXPECT_EQ(made->media_type, "image/png");
    EXPECT_EQ(made->width, 64U);
    EXPECT_EQ(made->height, 48U);
    const auto bytes = content(made->file);
    EXPECT_EQ(bytes.size(), made->bytes);
    EXPECT_THAT(chunks(bytes), ::testing::ElementsAre("IHDR", "IDAT", "IEND"));
    EXPECT_EQ(bytes.find("Secret"), std::string::npos);
  }
}

// A large one: with little of a JPEG in its first block, ffmpeg would choose by the name.
TEST_F(image, the_first_bytes_tell_the_format) {
  const auto jpeg = drawn("a.jpg", "2000x400");
  const auto made = show(jpeg);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_NEAR(made->width, 1021, 3);
  std::filesystem::rename(jpeg, root / "b.png");
  EXPECT_TRUE(show(root / "b.png"));
}

TEST_F(image, large_pictures_are_scaled_down) {
  const auto made = show(drawn("a.png", "3000x1500"));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_NEAR(made->width, 1021, 3);
  EXPECT_NEAR(made->height, 509, 3);
}

TEST_F(image, same_picture_comes_in_other_bytes_and_another_size) {
  const auto in = drawn("a.png", "400x300");
  std::set<std::string> hashes;
  std::set<std::pair<unsigned, unsigned>> sizes;
  for (int i = 0; i < 6; ++i) {
    const auto made = show(in);
    ASSERT_TRUE(made) << made.error().detail;
    hashes.insert(made->sha256);
    sizes.emplace(made->width, made->height);
  }
  EXPECT_GT(hashes.size(), 2U);
  EXPECT_GT(sizes.size(), 1U);
}

TEST_F(image, pictures_too_large_to_decode_are_refused) {
  EXPECT_FALSE(show(drawn("a.png", "9000x9000")));
}

TEST_F(image, markup_and_other_files_are_refused_under_any_name) {
  const std::string svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
  for (const std::string& text :
       {std::string("<html><script>alert(1)</script></html>"), svg, std::string(""),
        std::string("\x89PNG\r\n\x1a\n", 8), std::string("#EXTM3U\nfile:///etc/passwd\n"),
        std::string("ffconcat version 1.0\nfile /etc/passwd\n")}) {
    for (const char* name : {"a.png", "a.svg", "a.jpg"}) {
      write(root / name, text);
      const auto made = show(root / name);
      ASSERT_FALSE(made) << text;
      EXPECT_EQ(made.error().code, errc::system_failed);
      EXPECT_TRUE(std::filesystem::is_empty(root / "shown"));
    }
  }
}

TEST_F(image, truncated_png_has_no_pixels) {
  const auto whole = content(drawn("a.png"));
  ASSERT_TRUE(only_pixels(whole));
  for (std::size_t size = 0; size < whole.size(); size += 7)
    EXPECT_FALSE(only_pixels(std::string_view(whole).substr(0, size))) << size;
}

}  // namespace
}  // namespace agon::systems::test
