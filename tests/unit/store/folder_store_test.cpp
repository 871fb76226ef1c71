#include "services/store/media/folder_store.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace agon::store {
namespace {

namespace fs = std::filesystem;

struct folder_store_fixture : testing::Test {
  fs::path base = fs::temp_directory_path() / ("agon-media-test-" + std::to_string(::getpid()));
  void SetUp() override { fs::create_directories(base); }
  void TearDown() override { fs::remove_all(base); }
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(base / name) << text;
    return base / name;
  }
};

constexpr const char* name = "0123456789abcdef0123456789abcdef";

TEST_F(folder_store_fixture, what_was_put_is_found_by_its_name) {
  const auto media = make_folder_media_store(base / "media");
  const auto kept = media->put(write(std::string(name) + ".wav", "sound"), "audio/wav");
  ASSERT_TRUE(kept);
  const auto found = media->find(*kept);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->type, "audio/wav");
  std::ifstream in(found->path);
  std::string text;
  in >> text;
  EXPECT_EQ(text, "sound");
}

TEST_F(folder_store_fixture, what_was_removed_is_gone_and_nothing_else) {
  const auto media = make_folder_media_store(base / "media");
  const std::string other = "fedcba9876543210fedcba9876543210";
  ASSERT_TRUE(media->put(write(std::string(name) + ".wav", "sound"), "audio/wav"));
  ASSERT_TRUE(media->put(write(other + ".png", "picture"), "image/png"));
  EXPECT_TRUE(media->remove(name));
  EXPECT_FALSE(media->find(name));
  EXPECT_TRUE(media->find(other));
  EXPECT_TRUE(media->remove(name)) << "again: it is gone";
  EXPECT_TRUE(media->remove("00000000000000000000000000000000")) << "it never was";
  EXPECT_FALSE(media->remove("../media"));
  EXPECT_TRUE(fs::exists(base / "media"));
}

TEST_F(folder_store_fixture, hostile_names_find_nothing) {
  const auto media = make_folder_media_store(base / "media");
  for (const char* bad : {"", "..", "../../etc/passwd", "0123456789ABCDEF0123456789ABCDEF",
                          "0123456789abcdef0123456789abcde/", "0123456789abcdef0123456789abcdef0"})
    EXPECT_FALSE(media->find(bad)) << bad;
  EXPECT_FALSE(media->find(name));
}

TEST_F(folder_store_fixture, a_disk_keeps_what_was_reserved) {
  EXPECT_TRUE(make_folder_media_store(base / "media")->has_room());
  EXPECT_FALSE(make_folder_media_store(base / "media", UINT64_MAX)->has_room());
}

TEST_F(folder_store_fixture, a_file_that_is_not_named_at_random_is_refused) {
  const auto media = make_folder_media_store(base / "media");
  EXPECT_FALSE(media->put(write("voice.wav", "x"), "audio/wav"));
  EXPECT_FALSE(media->put(write(std::string(name) + ".exe", "x"), "application/x-dosexec"));
  EXPECT_FALSE(media->put(base / (std::string(name) + ".wav"), "audio/wav")) << "is not there";
}

}  // namespace
}  // namespace agon::store
