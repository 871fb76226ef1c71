// Against the program minisign itself, where it is installed.
#include "privacy/crypto/minisign.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace agon::crypto {
namespace {

namespace fs = std::filesystem;

minisign_secret_key some_key() {
  system_random random;
  return minisign_secret_key::make(random);
}

TEST(minisign, signature_holds_for_its_bytes_its_key_and_its_comment_alone) {
  const auto key = some_key();
  const std::string signature = key.sign("some bytes", "partition:2026-11");
  EXPECT_EQ(check_minisign(key.public_key(), "some bytes", signature), "partition:2026-11");
  EXPECT_FALSE(check_minisign(key.public_key(), "other bytes", signature));
  EXPECT_FALSE(check_minisign(some_key().public_key(), "some bytes", signature));
  std::string forged = signature;
  forged.replace(forged.find("2026-11"), 7, "2026-12");
  EXPECT_FALSE(check_minisign(key.public_key(), "some bytes", forged));
  EXPECT_FALSE(check_minisign(key.public_key(), "some bytes", ""));
  EXPECT_FALSE(check_minisign(key.public_key(), "some bytes", signature + "more\n"));
  EXPECT_THROW((void)key.sign("x", "two\nlines"), std::invalid_argument);
}

TEST(minisign, same_key_and_bytes_give_the_same_signature) {
  const auto key = some_key();
  EXPECT_EQ(key.sign("x", "c"), key.sign("x", "c"));
}

TEST(minisign, keys_are_read_back_and_others_refused) {
  const auto key = some_key();
  const auto again = minisign_secret_key::parse(key.file());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->sign("x", "c"), key.sign("x", "c"));
  const auto known = minisign_public_key::parse(key.public_key().file());
  ASSERT_TRUE(known);
  EXPECT_EQ(known->line(), key.public_key().line());
  EXPECT_TRUE(minisign_public_key::parse(known->line()));
  for (const char* text : {"", "untrusted comment: x\n", "untrusted comment: x\nAAAA\n", "hello"}) {
    EXPECT_FALSE(minisign_public_key::parse(text)) << text;
    EXPECT_FALSE(minisign_secret_key::parse(text)) << text;
  }
  std::string damaged = key.file();
  damaged[damaged.size() - 10] = damaged[damaged.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(minisign_secret_key::parse(damaged)) << "the checksum shows it";
}

TEST(minisign, the_program_itself_accepts_our_keys_and_signatures_and_we_its) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  if (std::system("command -v minisign >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "minisign is not installed";
  std::string name = (fs::temp_directory_path() / "agon-minisign-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const fs::path dir = name;
  const auto write = [&](const char* file, const std::string& text) {
    std::ofstream(dir / file, std::ios::binary) << text;
  };
  const auto read = [&](const char* file) {
    std::ifstream in(dir / file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const auto run = [&](const std::string& command) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    return std::system(("cd " + dir.string() + " && " + command + " >/dev/null 2>&1").c_str());
  };
  const auto key = some_key();
  write("data", "some bytes");
  write("data.minisig", key.sign("some bytes", "partition:2026-11"));
  write("key.pub", key.public_key().file());
  write("key", key.file());
  EXPECT_EQ(run("minisign -Vm data -P " + key.public_key().line()), 0);
  EXPECT_EQ(run("minisign -Vm data -p key.pub"), 0);
  EXPECT_EQ(run("minisign -Sm data -s key -t theirs"), 0) << "our secret key, in its hands";
  EXPECT_EQ(check_minisign(key.public_key(), "some bytes", read("data.minisig")), "theirs");
  write("data", "other bytes");
  EXPECT_NE(run("minisign -Vm data -p key.pub"), 0);
  fs::remove_all(dir);
}

}  // namespace
}  // namespace agon::crypto
